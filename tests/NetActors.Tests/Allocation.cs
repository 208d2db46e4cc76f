namespace NetActors.Tests;

/// <summary>Counts what a piece of work allocates, after a first run that may fill pools and compile.</summary>
internal static class Allocation
{
    internal static long Of(Action work)
    {
        for (var i = 0; i < 3; i++) work();
        var least = long.MaxValue; // the runtime may allocate for itself once, while it recompiles the work
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
