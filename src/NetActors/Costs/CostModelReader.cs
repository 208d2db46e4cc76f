using NetActors.Scenarios.Reading;

namespace NetActors.Costs;

/// <summary>Reads cost models: a figure with its source and mark for each <see cref="CostOp"/>.</summary>
public static class CostModelReader
{
    internal static readonly KeyTable Keys = new("(cost model)", "A file of config/cost-models");
    internal static readonly KeyTable FigureKeys = new("costs.OPERATION", "What one operation costs");

    private static readonly SettingKey<string> Description = Keys.Text("description", "", "the machine it stands for");
    private static readonly SettingKey<string> Inherits = Keys.Text("inherits", "", "the model that operations not named here come from");
    private static readonly SettingKey Costs = Keys.Node("costs", "section", "an entry for each operation", KeyTable.Required,
        "figure of each operation");
    private static readonly SettingKey<int> Ns = FigureKeys.Value("ns", "whole number", "0 to 10000000", KeyTable.Required, 0,
        text => Values.Whole(text, 0, 10_000_000).Then(v => (int)v), "nanoseconds of CPU time");
    private static readonly SettingKey<CostMark> Mark = FigureKeys.Choice("mark", KeyTable.Required,
        "how well it is known: read, read elsewhere, derived, from memory",
        ("R", CostMark.Primary), ("R2", CostMark.Secondary), ("D", CostMark.Derived), ("M", CostMark.Memory));
    private static readonly SettingKey<string> Source = FigureKeys.Text("source", KeyTable.Required, "where it comes from");

    /// <summary>Names of the models that come with NetActors, sorted.</summary>
    public static IReadOnlyList<string> BuiltIn => CostModelFiles.BuiltIn;

    /// <summary>Reads a model by name, or by path when <paramref name="reference"/> ends in <c>.yaml</c>. Never throws for a bad file.</summary>
    public static CostModelResult Read(string reference)
    {
        var faults = new FaultList();
        var model = Resolve(reference, "", new SourcePlace(reference, 0, 0), faults);
        return new CostModelResult(faults.Count == 0 ? model : null, faults.Sorted(reference));
    }

    /// <summary>Reads a model from text; <paramref name="file"/> names it in faults.</summary>
    public static CostModelResult ReadText(string text, string file)
    {
        var faults = new FaultList();
        var model = Parse(text, file, "", faults, [file]);
        return new CostModelResult(faults.Count == 0 ? model : null, faults.Sorted(file));
    }

    /// <summary>
    /// The model that a file in <paramref name="directory"/> means by <paramref name="reference"/>; a fault at <paramref name="place"/>
    /// and null when there is none.
    /// </summary>
    internal static CostModel? Resolve(string reference, string directory, SourcePlace place, FaultList faults) =>
        Resolve(reference, directory, place, faults, []);

    private static CostModel? Resolve(string reference, string directory, SourcePlace place, FaultList faults, List<string> chain)
    {
        if (reference == CostModel.Zero.Name) return CostModel.Zero;
        if (CostModelFiles.Open(reference, directory, place, faults) is not var (text, file)) return null;
        if (!chain.Contains(file)) return Parse(text, file, Path.GetDirectoryName(file) ?? "", faults, [.. chain, file]);
        faults.Add(place, $"`{reference}` inherits from itself");
        return null;
    }

    private static CostModel? Parse(string text, string file, string directory, FaultList faults, List<string> chain)
    {
        if (SettingTree.Read(text, file, faults) is not { } tree) return null;
        var section = new Section(tree, new SourcePlace(file, 1, 1), Keys, faults);
        var description = section.Get(Description);
        var inherits = section.Get(Inherits);
        var inherited = inherits.Length == 0 ? null : Resolve(inherits, directory, section.PlaceOf(Inherits), faults, chain);
        var figures = Figures(section, faults);
        if (inherits.Length == 0)
        {
            var missing = Enum.GetValues<CostOp>().Where(op => !figures.ContainsKey(op)).ToList();
            if (missing.Count > 0)
                faults.Add(section.PlaceOf(Costs),
                    $"no figure for {string.Join(", ", missing)}: name them, or a model that `inherits` gives them");
        }

        return CostModel.Of(Path.GetFileNameWithoutExtension(file), description, figures, inherited ?? CostModel.Zero);
    }

    private static Dictionary<CostOp, CostFigure> Figures(Section section, FaultList faults)
    {
        var figures = new Dictionary<CostOp, CostFigure>();
        foreach (var (name, place, value) in section.Named(Costs))
        {
            var figure = new Section(value, place, FigureKeys, faults);
            var cost = new CostFigure(figure.Get(Ns), figure.Get(Mark), figure.Get(Source));
            if (figure.Has(Source) && string.IsNullOrWhiteSpace(cost.Source)) faults.Add(figure.PlaceOf(Source), "`source` says nothing");
            if (!char.IsAsciiDigit(name.FirstOrDefault('0')) && Enum.TryParse<CostOp>(name, out var op)
                && op.ToString() == name)
                figures[op] = cost;
            else faults.Add(place, $"no operation is called `{Words.Cut(name)}`", NearestName.Of(name, Enum.GetNames<CostOp>()));
        }

        return figures;
    }
}
