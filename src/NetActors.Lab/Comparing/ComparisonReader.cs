using System.Globalization;
using NetActors.Lab.Runs;
using NetActors.Scenarios;
using NetActors.Scenarios.Reading;

namespace NetActors.Lab.Comparing;

/// <summary>Reads files of comparisons: variants of scenarios, with the figures that somebody published. <c>config/comparisons/README.md</c> has the keys.</summary>
internal static class ComparisonReader
{
    internal static readonly KeyTable Keys = new("(comparison)", "A file of config/comparisons");
    internal static readonly KeyTable VariantKeys = new("variants.VARIANT", "One of the things that are compared");

    private static readonly SettingKey<string> Description = Keys.Text("description", "", "one line of what it is about");
    private static readonly SettingKey<string> Source = Keys.Text("source", "", "where the published figures come from");
    private static readonly SettingKey<string> Scenario = Keys.Text("scenario", "", "scenario of the variants that name none: a path from this file, or a name");
    private static readonly SettingKey<string> Host = Keys.Text("host", "", "host whose CPUs are studied; else the one with a server");
    private static readonly SettingKey<int> Seeds = Keys.Whole("seeds", 5, 1, 1000, "seeds that each variant is run with");
    private static readonly SettingKey Set = Keys.Node("set", "list", "KEY=VALUE", "none", "overrides of all variants");
    private static readonly SettingKey Within = Keys.Node("within", "section", "figure: share", "none",
        "how far a figure may be off the published one; `ratio` is that of throughputs");
    private static readonly SettingKey Variants = Keys.Node("variants", "section", "an entry for each variant", KeyTable.Required,
        "what is compared, by name; the first is what the others are measured by");
    private static readonly SettingKey<string> OwnScenario = VariantKeys.Text("scenario", "", "its scenario");
    private static readonly SettingKey OwnSet = VariantKeys.Node("set", "list", "KEY=VALUE", "none", "its overrides");
    private static readonly SettingKey Published = VariantKeys.Node("published", "section", "figure: number", "none", "what somebody measured");

    /// <summary>Whether the text is a comparison and no scenario: it has `variants` and no `hosts`.</summary>
    public static bool Is(string text) =>
        SettingTree.Read(text, "", new FaultList()) is MappingNode root && root.Find("variants") is not null && root.Find("hosts") is null;

    /// <summary>Reads one. Null when there are faults.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What faults call it; paths begin from its directory.</param>
    public static (Comparison? Comparison, IReadOnlyList<ScenarioFault> Faults) Read(string text, string file)
    {
        var faults = new FaultList();
        if (SettingTree.Read(text, file, faults) is not { } tree) return (null, faults.Sorted(file));
        var top = new Section(tree, new SourcePlace(file, 1, 1), Keys, faults);
        var (directory, common) = (Path.GetDirectoryName(file) ?? "", Options(top, Set));
        var variants = new List<Variant>();
        foreach (var entry in top.Named(Variants))
        {
            var section = new Section(entry.Value, entry.Place, VariantKeys, faults);
            var scenario = section.Has(OwnScenario) ? section.Get(OwnScenario) : top.Get(Scenario);
            if (scenario.Length == 0) faults.Add(entry.Place, $"`{Words.Cut(entry.Name)}` has no scenario: write `scenario` for it, or for all");
            variants.Add(new Variant(entry.Name, From(directory, scenario), [.. common, .. Options(section, OwnSet)],
                Figures(section, Published, Number, faults)));
        }

        if (variants.Count < 2) faults.Add(top.PlaceOf(Variants), "two variants at least are compared");
        var comparison = new Comparison
        {
            Description = top.Get(Description),
            Source = top.Get(Source),
            Host = top.Get(Host) is { Length: > 0 } host ? host : null,
            Seeds = top.Has(Seeds) ? top.Get(Seeds) : null,
            Within = Figures(top, Within, Share, faults, Comparison.Ratio),
            Variants = variants,
        };
        return (faults.Count == 0 ? comparison : null, faults.Sorted(file));
    }

    private static List<string> Options(Section section, SettingKey key)
    {
        var options = new List<string>();
        foreach (var item in section.Items(key))
        {
            if (item is ScalarNode { IsNothing: false } scalar && scalar.Text.Contains('=', StringComparison.Ordinal)) options.Add(scalar.Text);
            else section.Faults.Add(item.Place, "an override is one text: KEY=VALUE");
        }

        return options;
    }

    private static Dictionary<string, double> Figures(
        Section section, SettingKey key, Func<string, Reading<double>> read, FaultList faults, params string[] further)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        string[] names = [.. Metric.All.Select(m => m.Key), .. further];
        foreach (var entry in section.Named(key))
        {
            if (names.Contains(entry.Name)) figures[entry.Name] = Section.Value(entry.Value, entry.Name, read, 0, faults);
            else faults.Add(entry.Place, $"there is no figure `{Words.Cut(entry.Name)}`: {string.Join(", ", names)}", NearestName.Of(entry.Name, names));
        }

        return figures;
    }

    private static Reading<double> Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value >= 0
            ? value
            : Reading<double>.Bad($"`{Words.Cut(text)}` is no number from 0");

    private static Reading<double> Share(string text) => Quantity.Percent.Read(text, 0, 100_000_000).Then(v => v / 1e8);

    // A name stays a name; what is there as a file beside this one is meant as such.
    private static string From(string directory, string scenario)
    {
        if (scenario.Length == 0) return scenario;
        var path = Path.Combine(directory, scenario);
        return File.Exists(path) ? path : scenario;
    }
}
