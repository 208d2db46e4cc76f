using System.Text;
using System.Text.Json;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;

namespace NetActors.Lab.Sweeping;

/// <summary>The finished runs of a sweep for other programs, in the plan's order.</summary>
internal static class SweepFiles
{
    /// <summary>CSV: a row for each run, columns for the swept keys, the seed and each figure.</summary>
    public static string Csv(SweepPlan plan, IReadOnlyList<SweepJob> jobs, SweepStore store)
    {
        var text = new StringBuilder();
        foreach (var key in plan.Keys) text.Append(ComparisonFiles.Quoted(key)).Append(',');
        text.Append("seed");
        foreach (var metric in Metric.All) text.Append(',').Append(metric.Key);
        text.Append('\n');
        foreach (var (job, run) in Done(jobs, store))
        {
            foreach (var value in job.Point.Values) text.Append(ComparisonFiles.Quoted(value)).Append(',');
            text.Append(job.Scenario.Seed);
            foreach (var metric in Metric.All) text.Append(',').Append(ComparisonFiles.Number(run[metric.Key]));
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>JSON: a list of runs, each with the swept keys, the seed and the figures.</summary>
    public static string Json(SweepPlan plan, IReadOnlyList<SweepJob> jobs, SweepStore store)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var (job, run) in Done(jobs, store))
            {
                json.WriteStartObject();
                json.WriteStartObject("set");
                for (var i = 0; i < plan.Keys.Count; i++) json.WriteString(plan.Keys[i], job.Point.Values[i]);
                json.WriteEndObject();
                json.WriteNumber("seed", job.Scenario.Seed);
                json.WritePropertyName("figures");
                ComparisonFiles.WriteFigures(json, run);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static IEnumerable<(SweepJob Job, RunFigures Run)> Done(IReadOnlyList<SweepJob> jobs, SweepStore store) =>
        jobs.Select(j => (j, store.Find(j.Key))).Where(p => p.Item2 is not null).Select(p => (p.j, p.Item2!));
}
