using NetActors.Lab.Runs;
using NetActors.Lab.Tuning;
using NetActors.Scenarios;

namespace NetActors.Lab.Advising;

/// <summary>A step of the search: what one dimension came to.</summary>
/// <param name="Dimension">Its name.</param>
/// <param name="Chosen">The setting that was taken; null when what stood was best.</param>
/// <param name="Figures">The figures after it.</param>
/// <param name="Tried">Settings tried.</param>
internal sealed record AdviceStep(string Dimension, Knob? Chosen, RunFigures Figures, int Tried);

/// <summary>What the search found.</summary>
/// <param name="Before">The figures of the scenario as it is.</param>
/// <param name="After">Those with the advice.</param>
/// <param name="Chosen">The advice: settings in the order they are to be made.</param>
/// <param name="Steps">How it came to that.</param>
/// <param name="Runs">Runs that were made.</param>
/// <param name="IsWhole">False when runs were used up, or it was cancelled, before nothing more was gained.</param>
internal sealed record Advice(RunFigures Before, RunFigures After, IReadOnlyList<Knob> Chosen, IReadOnlyList<AdviceStep> Steps, int Runs, bool IsWhole)
{
    /// <summary>The overrides that are the same as the advice.</summary>
    public IReadOnlyList<string> Set => [.. Chosen.SelectMany(k => k.Set)];
}

/// <summary>
/// Coordinate search: dimension after dimension takes its best setting while all others stay, until a whole round gains nothing; then
/// settings that the goal does not need are taken back. Equal seeds give equal advice, with any number of threads.
/// </summary>
/// <param name="goal">What is searched for.</param>
/// <param name="host">The host whose settings are changed.</param>
/// <param name="with">Reads the scenario with overrides; null when they are refused.</param>
/// <param name="measure">Runs a scenario; null when it was cancelled or cannot be built.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="mostRuns">Runs to make at most.</param>
internal sealed class AdviceSearch(
    Goal goal, string host, Func<IReadOnlyList<string>, ScenarioFile?> with, Func<ScenarioFile, RunFigures?> measure, int threads, int mostRuns)
{
    private const int MostRounds = 4;
    private readonly Dictionary<string, RunFigures?> _known = new(StringComparer.Ordinal);
    private readonly List<AdviceStep> _steps = [];
    private Dictionary<string, Knob> _chosen = new(StringComparer.Ordinal); // by dimension
    private int _runs;
    private bool _usedUp;

    /// <summary>Searches; null when not even the scenario as it is was measured.</summary>
    public Advice? Search(CancellationToken cancellation)
    {
        if (with([]) is not { } scenario || Measure([[]], cancellation)[0] is not { } before) return null;
        var (now, dimensions) = (before, Dimensions.Of(scenario, host));
        for (var round = 0; round < MostRounds; round++)
        {
            var gained = false;
            foreach (var dimension in dimensions)
            {
                if (_usedUp || cancellation.IsCancellationRequested) break;
                if (Step(dimension, ref now, cancellation)) gained = true;
            }

            if (!gained || _usedUp || cancellation.IsCancellationRequested) break;
        }

        TakeBack(ref now, cancellation);
        return new Advice(before, now, Ordered(_chosen), _steps, _runs, !_usedUp && !cancellation.IsCancellationRequested);
    }

    private bool Step(Dimension dimension, ref RunFigures now, CancellationToken cancellation)
    {
        if (with(SetOf(_chosen)) is not { } current) return false;
        var trials = dimension.Options(current).Select(knob => new Dictionary<string, Knob>(_chosen, StringComparer.Ordinal) { [dimension.Name] = knob }).ToList();
        var runs = Measure([.. trials.Select(SetOf)], cancellation);
        var (best, gain) = (-1, Goal.Least);
        for (var i = 0; i < trials.Count; i++)
        {
            if (runs[i] is not { } run || goal.Gain(now, run) is var g && g <= gain) continue;
            (best, gain) = (i, g);
        }

        if (best >= 0) (_chosen, now) = (trials[best], runs[best]!);
        _steps.Add(new AdviceStep(dimension.Name, best < 0 ? null : trials[best][dimension.Name], now, trials.Count));
        return best >= 0;
    }

    // What was taken early may have become needless.
    private void TakeBack(ref RunFigures now, CancellationToken cancellation)
    {
        foreach (var name in _chosen.Keys.ToList())
        {
            var without = new Dictionary<string, Knob>(_chosen, StringComparer.Ordinal);
            without.Remove(name);
            if (Measure([SetOf(without)], cancellation)[0] is { } run && goal.Gain(now, run) >= -Goal.Least / 2) (_chosen, now) = (without, run);
        }
    }

    private static IReadOnlyList<Knob> Ordered(Dictionary<string, Knob> chosen) => [.. chosen.Values];

    private static IReadOnlyList<string> SetOf(Dictionary<string, Knob> chosen) => [.. chosen.Values.SelectMany(k => k.Set)];

    private RunFigures?[] Measure(IReadOnlyList<IReadOnlyList<string>> sets, CancellationToken cancellation)
    {
        var keys = sets.Select(s => string.Join('\n', s)).ToList();
        var missing = new List<(string Key, IReadOnlyList<string> Set)>();
        for (var i = 0; i < sets.Count; i++)
        {
            if (_known.ContainsKey(keys[i]) || missing.Any(m => m.Key == keys[i])) continue;
            if (_runs + missing.Count >= mostRuns) _usedUp = true;
            else missing.Add((keys[i], sets[i]));
        }

        var found = new RunFigures?[missing.Count];
        ParallelWork.ForEach([.. Enumerable.Range(0, missing.Count)], threads, i => found[i] = with(missing[i].Set) is { } scenario ? measure(scenario) : null, cancellation);
        for (var i = 0; i < missing.Count; i++)
        {
            if (!cancellation.IsCancellationRequested) _known[missing[i].Key] = found[i];
            _runs++;
        }

        return [.. keys.Select(k => _known.GetValueOrDefault(k))];
    }
}
