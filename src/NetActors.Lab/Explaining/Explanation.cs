using NetActors.Lab.Runs;
using NetActors.Lab.Tuning;
using NetActors.Scenarios;

namespace NetActors.Lab.Explaining;

/// <summary>A knob with what it gave.</summary>
/// <param name="Knob">The knob.</param>
/// <param name="Figures">The run with it, same seed; null when the scenario cannot be built so, or the run was cancelled.</param>
/// <param name="Gain">How much better, as a share: more throughput, else fewer drops, else less latency. Below zero when worse.</param>
internal sealed record TriedKnob(Knob Knob, RunFigures? Figures, double Gain);

/// <summary>Why a host is busy and what limits it.</summary>
/// <param name="Evidence">The measured run.</param>
/// <param name="Figures">Its figures.</param>
/// <param name="Bottlenecks">What limits, the first most.</param>
/// <param name="Tried">Knobs that were tried, the best first.</param>
internal sealed record Explanation(Evidence Evidence, RunFigures Figures, IReadOnlyList<Bottleneck> Bottlenecks, IReadOnlyList<TriedKnob> Tried)
{
    private const int MostKnobs = 12;
    private const double Helps = 0.03;

    /// <summary>Runs a scenario, looks for what limits it, and tries the knobs that may help; null when it was cancelled before it knew anything.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="options">How it is observed.</param>
    /// <param name="with">Reads the scenario with further overrides; null when they are refused.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="done">Called after each run, on any thread.</param>
    /// <param name="tries">Knobs are tried.</param>
    /// <param name="cancellation">Ends it; what is known is answered.</param>
    public static Explanation? Of(
        ScenarioFile scenario, LabOptions options, Func<IReadOnlyList<string>, ScenarioFile?> with, int threads, Action done, bool tries,
        CancellationToken cancellation)
    {
        var host = Subject.Of(scenario, options.Host).Host;
        var census = new FlowCensus(scenario.Hosts.TakeWhile(h => h.Name != host).Count());
        if (LabRun.Execute(scenario, options with { Trace = census }, () => cancellation.IsCancellationRequested) is not { } run) return null;
        done();
        var evidence = new Evidence(run, census);
        var found = Look(evidence);
        var figures = RunFigures.Of(run);
        var knobs = found.SelectMany(b => b.Knobs).DistinctBy(k => k.Name).Take(tries ? MostKnobs : 0).ToList();
        var tried = new TriedKnob[knobs.Count];
        ParallelWork.ForEach([.. Enumerable.Range(0, knobs.Count)], threads, Try, cancellation);
        var all = tried.Where(t => t is not null).ToList();
        return new Explanation(evidence, figures, Confirmed(found, all), [.. all.OrderByDescending(t => t.Figures is null ? double.MinValue : t.Gain)]);

        void Try(int i)
        {
            var changed = with(knobs[i].Set);
            var trial = changed is null ? null : LabRun.Execute(changed with { Seed = scenario.Seed }, options with { Slices = 0, Trace = null }, () => cancellation.IsCancellationRequested);
            if (trial is null && cancellation.IsCancellationRequested) return;
            var gained = trial is null ? null : RunFigures.Of(trial);
            tried[i] = new TriedKnob(knobs[i], gained, gained is null ? 0 : GainOf(figures, gained));
            done();
        }
    }

    /// <summary>How much better <paramref name="b"/> is than <paramref name="a"/>.</summary>
    public static double GainOf(RunFigures a, RunFigures b)
    {
        var (before, after) = (a["throughput"] ?? 0, b["throughput"] ?? 0);
        var rate = before > 0 ? (after / before) - 1 : after > 0 ? 1 : 0;
        if (Math.Abs(rate) >= Helps) return rate;
        var drops = Share(a) - Share(b);
        if (Math.Abs(drops) >= Helps / 10) return drops; // a drop is dear: the peer waits for it
        return a["p99"] is { } slow and > 0 && b["p99"] is { } fast ? (slow - fast) / slow : rate;
    }

    private static double Share(RunFigures run) => run["drops"] is { } drops and > 0 ? drops / (drops + (run["throughput"] ?? 0)) : 0;

    /// <summary>What the measured run shows, most telling first.</summary>
    public static IReadOnlyList<Bottleneck> Look(Evidence evidence) =>
    [
        .. WireFindings.Of(evidence).Concat(InterruptFindings.Of(evidence)).Concat(WorkFindings.Of(evidence)).Concat(QueueFindings.Of(evidence))
            .OrderBy(b => b.Kind == BottleneckKind.Client ? int.MaxValue : (int)b.Kind),
    ];

    // What shows in the figures may be a consequence: where its own knobs change nothing and another's do, the other was it.
    private static IReadOnlyList<Bottleneck> Confirmed(IReadOnlyList<Bottleneck> found, List<TriedKnob> tried)
    {
        double Best(Bottleneck b) => tried.Where(t => b.Knobs.Any(k => k.Name == t.Knob.Name)).Select(t => t.Gain).DefaultIfEmpty(0).Max();
        return tried.Count == 0 ? found : [.. found.OrderByDescending(b => b.Knobs.Count == 0 ? 1 : Best(b) >= Helps ? 2 : 0)];
    }
}
