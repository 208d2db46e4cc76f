using NetActors.Sockets;

namespace NetActors.Epoll;

/// <summary>
/// Calls that sleep in an epoll instance. Who came last is woken first: its caches are warm, and idle workers stay asleep (kernel:
/// <c>__add_wait_queue_exclusive</c>, which puts at the head). Touched only by the instance's actor.
/// </summary>
internal sealed class SleepStack
{
    private readonly List<SystemCall> _calls = [];

    /// <summary>Calls that sleep.</summary>
    public int Count => _calls.Count;

    /// <summary>A call goes to sleep.</summary>
    public void Add(SystemCall call) => _calls.Add(call);

    /// <summary>Takes the call to be woken; false when none sleeps.</summary>
    public bool TryTake(out SystemCall call)
    {
        call = null!;
        if (_calls.Count == 0) return false;
        call = _calls[^1];
        _calls.RemoveAt(_calls.Count - 1);
        return true;
    }

    /// <summary>A call sleeps no longer. False: it did not.</summary>
    public bool Remove(SystemCall call) => _calls.Remove(call);
}
