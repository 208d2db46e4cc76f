namespace NetActors.Costs;

/// <summary>Nanoseconds per operation (design section 9). Immutable.</summary>
public sealed class CostModel
{
    private static readonly int Operations = Enum.GetValues<CostOp>().Length;
    private static readonly CostFigure Nothing = new(0, CostMark.Memory, "nothing costs anything");

    private readonly CostFigure[] _figures;
    private readonly long[] _nanoseconds;

    private CostModel(string name, string description, CostFigure[] figures)
    {
        (Name, Description, _figures) = (name, description, figures);
        _nanoseconds = Array.ConvertAll(figures, figure => figure.Nanoseconds);
    }

    /// <summary>Nothing costs anything: <c>cost-model: none</c>.</summary>
    public static CostModel Zero { get; } = new("none", "nothing costs anything", Filled());

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The machine it stands for.</summary>
    public string Description { get; }

    /// <summary>The costs, indexed by <see cref="CostOp"/>.</summary>
    public ReadOnlySpan<long> Nanoseconds => _nanoseconds;

    /// <summary>Nanoseconds of one <paramref name="op"/>.</summary>
    public long this[CostOp op] => _nanoseconds[(int)op];

    /// <summary>The figure of <paramref name="op"/> with its source.</summary>
    public CostFigure Figure(CostOp op) => _figures[(int)op];

    /// <summary>The same model with another cost of one operation: for tests and studies.</summary>
    public CostModel With(CostOp op, long nanoseconds) => With(op, new CostFigure(nanoseconds, CostMark.Memory, "set by hand"));

    /// <summary>The same model with another figure of one operation.</summary>
    public CostModel With(CostOp op, CostFigure figure)
    {
        var figures = (CostFigure[])_figures.Clone();
        figures[(int)op] = figure;
        return new CostModel(Name, Description, figures);
    }

    /// <summary>A model of all operations, those without a figure taken from <paramref name="inherited"/>.</summary>
    internal static CostModel Of(string name, string description, IReadOnlyDictionary<CostOp, CostFigure> figures, CostModel inherited)
    {
        var all = (CostFigure[])inherited._figures.Clone();
        foreach (var (op, figure) in figures) all[(int)op] = figure;
        return new CostModel(name, description, all);
    }

    private static CostFigure[] Filled()
    {
        var figures = new CostFigure[Operations];
        Array.Fill(figures, Nothing);
        return figures;
    }
}
