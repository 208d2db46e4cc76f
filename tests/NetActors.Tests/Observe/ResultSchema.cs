using System.Text.Json;
using System.Text.RegularExpressions;

namespace NetActors.Tests.Observe;

/// <summary>As much of JSON Schema (draft 2020-12) as config/result.schema.json uses; an unknown keyword is a fault.</summary>
internal sealed class ResultSchema(JsonElement root)
{
    private readonly List<string> _faults = [];

    /// <summary>What is wrong with <paramref name="document"/>, one sentence each.</summary>
    public static IReadOnlyList<string> Faults(JsonElement document)
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Repository.Path("config", "result.schema.json")));
        var check = new ResultSchema(schema.RootElement);
        check.Check(document, schema.RootElement, "$");
        return check._faults;
    }

    private void Check(JsonElement value, JsonElement schema, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    var name = keyword.Value.GetString()!.Split('/')[^1];
                    Check(value, root.GetProperty("$defs").GetProperty(name), path);
                    break;
                case "type": Expect(IsOf(value, keyword.Value.GetString()!), $"{path} is not of type {keyword.Value}"); break;
                case "enum":
                    var allowed = keyword.Value.EnumerateArray().Any(one => one.ToString() == value.ToString());
                    Expect(allowed, $"{path}: {value} is none of {keyword.Value}");
                    break;
                case "minimum": Expect(value.GetDouble() >= keyword.Value.GetDouble(), $"{path} is below {keyword.Value}"); break;
                case "pattern":
                    Expect(Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), $"{path} does not match {keyword.Value}");
                    break;
                case "required":
                    foreach (var key in keyword.Value.EnumerateArray())
                        Expect(value.TryGetProperty(key.GetString()!, out _), $"{path} lacks {key}");
                    break;
                case "items":
                    var index = 0;
                    foreach (var item in value.EnumerateArray()) Check(item, keyword.Value, $"{path}[{index++}]");
                    break;
                case "properties":
                    foreach (var property in keyword.Value.EnumerateObject())
                        if (value.TryGetProperty(property.Name, out var child)) Check(child, property.Value, $"{path}.{property.Name}");
                    break;
                case "additionalProperties": CheckAdditional(value, schema, keyword.Value, path); break;
                case "$schema" or "$id" or "$defs" or "title" or "description": break;
                default: _faults.Add($"the schema uses {keyword.Name}, which this check does not know"); break;
            }
        }
    }

    private void CheckAdditional(JsonElement value, JsonElement schema, JsonElement additional, string path)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(property.Name, out _)) continue;
            if (additional.ValueKind == JsonValueKind.False) _faults.Add($"{path} has an unknown key {property.Name}");
            else Check(property.Value, additional, $"{path}.{property.Name}");
        }
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && !value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'),
        _ => false,
    };

    private void Expect(bool holds, string fault)
    {
        if (!holds) _faults.Add(fault);
    }
}
