using System.Globalization;
using System.Text;
using NetActors.Costs;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;
using NetActors.Scenarios;

namespace NetActors.Lab.Calibrating;

/// <summary>
/// Fits costs of a profile to rows that were measured: finds the factors of a few groups of operations with which simulation comes nearest,
/// each figure's error counted in what it may be off, and a factor's distance from 1 a little, so that what the rows do not tell stays.
/// </summary>
internal sealed class Calibration
{
    private const double Loyalty = 0.15; // a factor of e weighs as much as a figure that is off by this share of what it may be
    private const double Allowed = 0.1; // how far a figure may be off of which nothing is said
    private readonly IReadOnlyList<(Variant Variant, ScenarioFile Scenario, IReadOnlyDictionary<string, double> Within)> _rows;
    private readonly CostModel _profile;
    private readonly IReadOnlyList<CostGroup> _groups;

    /// <param name="profile">What is fitted.</param>
    /// <param name="groups">What of it may change.</param>
    /// <param name="rows">Scenarios with the figures that were measured, and how far each may be off.</param>
    public Calibration(
        CostModel profile,
        IReadOnlyList<CostGroup> groups,
        IReadOnlyList<(Variant Variant, ScenarioFile Scenario, IReadOnlyDictionary<string, double> Within)> rows) =>
        (_profile, _groups, _rows) = (profile, groups, rows);

    /// <summary>Runs so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Runs the fit; null when it was cancelled.</summary>
    /// <param name="source">What the fitted figures give as their source.</param>
    /// <param name="iterations">Most iterations.</param>
    /// <param name="options">How runs are observed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="done">Called after each batch of runs, with the sum of squares of its best point.</param>
    /// <param name="cancellation">Ends it.</param>
    public CostModel? Fit(string source, int iterations, LabOptions options, int threads, Action<double> done, CancellationToken cancellation)
    {
        try
        {
            var factors = BoundedLeastSquares.Minimise(
                points =>
                {
                    var answers = Residuals(points, options, threads, cancellation);
                    done(answers.Min(a => a.Sum(r => r * r)));
                    return answers;
                },
                new double[_groups.Count],
                [.. _groups.Select(g => Math.Log(g.Least))],
                [.. _groups.Select(g => Math.Log(g.Most))],
                iterations);
            return Scaled(factors, source);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The figures that a model gives beside those measured; null when it was cancelled.</summary>
    public IReadOnlyList<PublishedCheck>? Check(CostModel model, LabOptions options, int threads, CancellationToken cancellation)
    {
        var figures = Run([model], options, threads, cancellation);
        if (cancellation.IsCancellationRequested) return null;
        return
        [
            .. _rows.SelectMany((row, i) => row.Variant.Published.Select(p => new PublishedCheck(
                $"{p.Key} of {row.Variant.Name}", figures[0][i][p.Key] ?? double.NaN, p.Value, row.Within.TryGetValue(p.Key, out var within) ? within : null))),
        ];
    }

    /// <summary>A profile as a file of config/cost-models: what differs from the one it inherits.</summary>
    public static string Write(CostModel fitted, CostModel profile, string description)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"description: {description}").AppendLine(CultureInfo.InvariantCulture, $"inherits: {profile.Name}");
        text.AppendLine("costs:");
        foreach (var op in Enum.GetValues<CostOp>())
        {
            if (fitted[op] == profile[op]) continue;
            var figure = fitted.Figure(op);
            text.AppendLine(CultureInfo.InvariantCulture, $"  {op}: {{ ns: {figure.Nanoseconds}, mark: D, source: \"{figure.Source}\" }}");
        }

        return text.ToString();
    }

    private CostModel Scaled(double[] factors, string source) =>
        _groups.Zip(factors).Aggregate(_profile, (model, group) => group.First.Scale(model, Math.Exp(group.Second), source));

    private List<double[]> Residuals(IReadOnlyList<double[]> points, LabOptions options, int threads, CancellationToken cancellation)
    {
        var figures = Run([.. points.Select(p => Scaled(p, ""))], options, threads, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var answers = new List<double[]>();
        for (var point = 0; point < points.Count; point++)
        {
            var residuals = points[point].Select(factor => Loyalty * factor).ToList();
            for (var row = 0; row < _rows.Count; row++)
            {
                var (variant, _, within) = _rows[row];
                foreach (var (key, published) in variant.Published)
                {
                    if (!within.TryGetValue(key, out var may)) continue; // shown, not fitted
                    var off = published == 0 || figures[point][row][key] is not { } simulated ? 1 : (simulated - published) / published;
                    residuals.Add(off / (may > 0 ? may : Allowed));
                }
            }

            answers.Add([.. residuals]);
        }

        return answers;
    }

    private RunFigures[][] Run(IReadOnlyList<CostModel> models, LabOptions options, int threads, CancellationToken cancellation)
    {
        var figures = models.Select(_ => new RunFigures[_rows.Count]).ToArray();
        var work = Enumerable.Range(0, models.Count).SelectMany(m => Enumerable.Range(0, _rows.Count).Select(r => (m, r))).ToList();
        ParallelWork.ForEach(work, threads, Do, cancellation);
        Runs += work.Count;
        return figures;

        void Do((int Model, int Row) at)
        {
            var scenario = _rows[at.Row].Scenario with { CostModel = models[at.Model] };
            var run = LabRun.Execute(scenario, options, () => cancellation.IsCancellationRequested);
            if (run is not null) figures[at.Model][at.Row] = RunFigures.Of(run);
        }
    }
}
