using System.Globalization;
using System.Text;
using System.Text.Json;
using NetActors.Lab.Runs;
using NetActors.Lab.Statistics;

namespace NetActors.Lab.Comparing;

/// <summary>The result of a comparison for other programs.</summary>
internal static class ComparisonFiles
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>JSON: every run's figures, means and differences with their intervals, what was published.</summary>
    public static string Json(Comparison comparison, IReadOnlyList<VariantResult> results, ulong firstSeed)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteNumber("format", 1);
            json.WriteString("description", comparison.Description);
            json.WriteString("host", results[0].First.Subject.Host);
            json.WriteString("unit", results[0].First.Subject.Unit.ToString());
            json.WriteNumber("first_seed", firstSeed);
            json.WriteNumber("seeds", results[0].Runs.Count);
            json.WriteStartArray("variants");
            foreach (var result in results) Write(json, result, results[0]);
            json.WriteEndArray();
            json.WriteStartArray("published");
            foreach (var check in PublishedCheck.Of(comparison, results)) Write(json, check);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <summary>CSV: a row for each run, a column for each figure; empty where a run has none.</summary>
    public static string Csv(IReadOnlyList<VariantResult> results, ulong firstSeed)
    {
        var text = new StringBuilder("variant,seed");
        foreach (var metric in Metric.All) text.Append(',').Append(metric.Key);
        text.Append('\n');
        foreach (var result in results)
        {
            for (var i = 0; i < result.Runs.Count; i++)
            {
                text.Append(Quoted(result.Variant.Name)).Append(',').Append(firstSeed + (ulong)i);
                foreach (var metric in Metric.All) text.Append(',').Append(Number(result.Runs[i][metric.Key]));
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>A field of CSV (RFC 4180 section 2).</summary>
    public static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\n\r") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    /// <summary>A number as every program reads it; empty for none.</summary>
    public static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static void Write(Utf8JsonWriter json, VariantResult result, VariantResult first)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Variant.Name);
        json.WriteString("scenario", result.Variant.Scenario);
        json.WriteStartArray("set");
        foreach (var option in result.Variant.Set) json.WriteStringValue(option);
        json.WriteEndArray();
        json.WriteStartArray("runs");
        foreach (var run in result.Runs) WriteFigures(json, run);
        json.WriteEndArray();
        json.WriteStartObject("mean");
        foreach (var metric in Metric.All) Write(json, metric.Key, result[metric.Key]);
        json.WriteEndObject();
        if (!ReferenceEquals(result, first))
        {
            json.WriteStartObject("difference");
            foreach (var metric in Metric.All) Write(json, metric.Key, result.Minus(first, metric.Key));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>The figures of a run as an object.</summary>
    public static void WriteFigures(Utf8JsonWriter json, RunFigures run)
    {
        json.WriteStartObject();
        foreach (var metric in Metric.All)
        {
            if (run[metric.Key] is { } value) json.WriteNumber(metric.Key, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string key, Estimate? estimate)
    {
        if (estimate is not { } value) return;
        json.WriteStartObject(key);
        json.WriteNumber("mean", value.Mean);
        if (double.IsFinite(value.Half)) json.WriteNumber("half_width_95", value.Half);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PublishedCheck check)
    {
        json.WriteStartObject();
        json.WriteString("what", check.What);
        json.WriteNumber("simulated", check.Simulated);
        json.WriteNumber("published", check.Published);
        if (double.IsFinite(check.Off)) json.WriteNumber("off", check.Off);
        if (check.Within is { } within) json.WriteNumber("within", within);
        json.WriteBoolean("holds", check.Holds);
        json.WriteEndObject();
    }
}
