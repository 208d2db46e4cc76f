using System.Runtime.ExceptionServices;

namespace NetActors.Lab.Runs;

/// <summary>Does independent work on threads of its own, a core each: a simulation is one thread's from begin to end.</summary>
internal static class ParallelWork
{
    private const int StackBytes = 16 << 20;

    /// <summary>Does each item once, in order of the list as threads become free; ends early when one throws.</summary>
    /// <param name="items">The work.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="work">Does one; may be called on several threads at once.</param>
    /// <param name="cancellation">No further item is begun once it is cancelled.</param>
    public static void ForEach<T>(IReadOnlyList<T> items, int threads, Action<T> work, CancellationToken cancellation)
    {
        var next = -1;
        ExceptionDispatchInfo? fault = null;
        var workers = Enumerable.Range(0, Math.Min(threads, items.Count)).Select(_ => new Thread(Work, StackBytes) { IsBackground = true }).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        fault?.Throw();

        void Work()
        {
            try
            {
                for (var i = Interlocked.Increment(ref next); i < items.Count; i = Interlocked.Increment(ref next))
                {
                    if (cancellation.IsCancellationRequested || Volatile.Read(ref fault) is not null) return;
                    work(items[i]);
                }
            }
#pragma warning disable CA1031 // told where the work was asked for
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
