using System.Globalization;
using System.Text;
using System.Text.Json;
using NetActors.Costs;
using NetActors.Lab.Comparing;
using NetActors.Lab.Tuning;

namespace NetActors.Lab.Explaining;

/// <summary>What a CPU's time went into.</summary>
/// <param name="Name">The operation, or <c>program</c> for user time and <c>other</c> for what no operation stands for.</param>
/// <param name="Count">How often; 0 of a program.</param>
/// <param name="Percent">Share of the CPU's time, idle time included.</param>
internal sealed record RankedCost(string Name, long Count, double Percent);

/// <summary>An explanation for other programs.</summary>
internal static class ExplainFiles
{
    /// <summary>What a CPU's time went into, the dearest first.</summary>
    public static IReadOnlyList<RankedCost> Ranked(Evidence e, int cpu)
    {
        var (costs, window) = (e.Run.Costs[cpu], (double)e.Run.Window.Nanoseconds);
        var ranked = Enum.GetValues<CostOp>().Where(op => costs.Nanoseconds[(int)op] > 0)
            .Select(op => new RankedCost(op.ToString(), costs.Counts[(int)op], 100 * costs.Nanoseconds[(int)op] / window)).ToList();
        var user = e.Run.GrownOn(cpu, c => c.UserNs);
        var other = e.Run.GrownOn(cpu, Runs.Metric.Busy) - user - costs.Nanoseconds.Sum();
        if (user > 0) ranked.Add(new RankedCost("program", 0, 100 * user / window));
        if (other > 0) ranked.Add(new RankedCost("other", 0, 100 * other / window));
        return [.. ranked.OrderByDescending(r => r.Percent)];
    }

    /// <summary>JSON: what limits, what was tried, the costs of each CPU.</summary>
    public static string Json(Explanation explained)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", 1);
            json.WriteString("scenario", explained.Evidence.Run.Scenario.Name);
            json.WriteString("host", explained.Evidence.Run.Subject.Host);
            json.WritePropertyName("figures");
            ComparisonFiles.WriteFigures(json, explained.Figures);
            json.WriteStartArray("limits");
            foreach (var found in explained.Bottlenecks)
            {
                json.WriteStartObject();
                json.WriteString("name", found.Name);
                json.WriteString("where", found.Where);
                json.WriteString("evidence", found.Evidence);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("tried");
            foreach (var tried in explained.Tried) Write(json, tried);
            json.WriteEndArray();
            json.WriteStartArray("cpus");
            for (var cpu = 0; cpu < explained.Evidence.Cpus; cpu++) Write(json, explained.Evidence, cpu);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <summary>CSV: a row for each CPU and operation.</summary>
    public static string Csv(Explanation explained)
    {
        var text = new StringBuilder("cpu,operation,count,percent\n");
        for (var cpu = 0; cpu < explained.Evidence.Cpus; cpu++)
        {
            foreach (var cost in Ranked(explained.Evidence, cpu))
                text.Append(CultureInfo.InvariantCulture, $"{cpu},{cost.Name},{cost.Count},{ComparisonFiles.Number(cost.Percent)}\n");
        }

        return text.ToString();
    }

    private static void Write(Utf8JsonWriter json, TriedKnob tried)
    {
        json.WriteStartObject();
        WriteKnob(json, tried.Knob);
        if (tried.Figures is { } figures)
        {
            json.WriteNumber("gain", tried.Gain);
            json.WritePropertyName("figures");
            ComparisonFiles.WriteFigures(json, figures);
        }

        json.WriteEndObject();
    }

    /// <summary>A knob's parts, within an object.</summary>
    public static void WriteKnob(Utf8JsonWriter json, Knob knob)
    {
        json.WriteString("knob", knob.Name);
        json.WriteStartArray("set");
        foreach (var set in knob.Set) json.WriteStringValue(set);
        json.WriteEndArray();
        json.WriteStartArray("commands");
        foreach (var command in knob.Commands) json.WriteStringValue(command);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Evidence e, int cpu)
    {
        json.WriteStartObject();
        json.WriteNumber("cpu", cpu);
        json.WriteNumber("busy", e.Busy(cpu));
        json.WriteStartArray("costs");
        foreach (var cost in Ranked(e, cpu))
        {
            json.WriteStartObject();
            json.WriteString("operation", cost.Name);
            json.WriteNumber("count", cost.Count);
            json.WriteNumber("percent", cost.Percent);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
