using NetActors.Lab.Runs;
using NetActors.Lab.Statistics;

namespace NetActors.Lab.Sweeping;

/// <summary>What the runs of a point gave, seed by seed.</summary>
/// <param name="Point">The point.</param>
/// <param name="Runs">The figures; those that are not done are left out.</param>
internal sealed record SweepResult(SweepPoint Point, IReadOnlyList<RunFigures> Runs)
{
    /// <summary>The mean of a figure over the seeds; null when a run has it not, or none is done.</summary>
    public Estimate? this[string key] =>
        Runs.Count > 0 && Runs.All(r => r[key] is not null) ? Estimate.Of([.. Runs.Select(r => r[key]!.Value)]) : null;
}

/// <summary>Runs what is not in the store.</summary>
internal static class SweepRun
{
    /// <summary>Runs all jobs that are not done; returns early when cancelled, and what was under way then is lost.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="jobs">Its runs.</param>
    /// <param name="store">Where finished ones are kept.</param>
    /// <param name="options">How runs are observed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="done">Called after each run, on any thread.</param>
    /// <param name="cancellation">Ends it.</param>
    public static void Execute(
        SweepPlan plan, IReadOnlyList<SweepJob> jobs, SweepStore store, LabOptions options, int threads, Action done, CancellationToken cancellation)
    {
        ParallelWork.ForEach([.. jobs.Where(j => store.Find(j.Key) is null)], threads, Do, cancellation);

        void Do(SweepJob job)
        {
            if (LabRun.Execute(job.Scenario, options, () => cancellation.IsCancellationRequested) is not { } run) return;
            store.Add(plan, job, RunFigures.Of(run));
            done();
        }
    }

    /// <summary>The points in the plan's order with what is done of them.</summary>
    public static IReadOnlyList<SweepResult> Results(SweepPlan plan, IReadOnlyList<SweepJob> jobs, SweepStore store)
    {
        var byPoint = jobs.ToLookup(j => j.Point, j => store.Find(j.Key), (IEqualityComparer<SweepPoint>)ReferenceEqualityComparer.Instance);
        return [.. plan.Points.Select(p => new SweepResult(p, [.. byPoint[p].OfType<RunFigures>()]))];
    }
}
