using NetActors.Scenarios.Reading;

namespace NetActors.Costs;

/// <summary>Finds the text of a cost model: one that comes with NetActors by its name, any other by its path.</summary>
internal static class CostModelFiles
{
    private const string Ending = ".yaml";
    private const string Prefix = "cost-models/";

    /// <summary>Names of the models built in, sorted.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        .. typeof(CostModelFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Text and file name of a model; a fault at <paramref name="place"/> and null when it cannot be had.</summary>
    public static (string Text, string File)? Open(string reference, string directory, SourcePlace place, FaultList faults)
    {
        if (reference.EndsWith(Ending, StringComparison.Ordinal))
        {
            var path = Path.Combine(directory, reference);
            return SettingText.Read(path, out var fault) is { } text ? (text, path)
                : Refuse($"cost model `{Words.Cut(reference)}` {fault}", null);
        }

        if (!BuiltIn.Contains(reference))
            return Refuse($"no cost model is called `{Words.Cut(reference)}`: {Words.Or(BuiltIn.Append("none"))}, or the path of a .yaml file",
                NearestName.Of(reference, BuiltIn.Append("none")));
        using var stream = typeof(CostModelFiles).Assembly.GetManifestResourceStream(Prefix + reference + Ending)!;
        using var reader = new StreamReader(stream);
        return (reader.ReadToEnd(), reference + Ending);

        (string, string)? Refuse(string message, string? suggestion)
        {
            faults.Add(place, message, suggestion);
            return null;
        }
    }
}
