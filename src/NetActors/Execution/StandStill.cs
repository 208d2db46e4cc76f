namespace NetActors.Execution;

/// <summary>Holds every thread of a driver between two handlers while somebody looks at what they did.</summary>
internal sealed class StandStill(int threads) : IDisposable
{
    private readonly CountdownEvent _coming = new(threads);
    private readonly CountdownEvent _going = new(threads);
    private readonly ManualResetEventSlim _go = new();

    /// <summary>Called by each thread: waits until it may go on.</summary>
    public void Wait()
    {
        _coming.Signal();
        _go.Wait();
        _going.Signal();
    }

    /// <summary>Waits until all threads stand.</summary>
    public void WaitForAll() => _coming.Wait();

    /// <summary>Lets them go on, and waits until each has seen it.</summary>
    public void Release()
    {
        _go.Set();
        _going.Wait();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _coming.Dispose();
        _going.Dispose();
        _go.Dispose();
    }
}
