using System.Collections.Concurrent;

namespace NetActors.Sockets;

/// <summary>
/// Calls that sleep until a socket has something for them (kernel: <c>wait_queue_head_t</c> with exclusive entries): whoever brings it
/// wakes one, the one that has slept longest, from any CPU.
/// </summary>
internal sealed class WaitQueue
{
    private const int Spare = 8;
    private readonly ConcurrentQueue<(BlockingCall Call, int Ticket)> _sleepers = new();
    private int _count;
    private int _tickets;

    /// <summary>Calls that sleep.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Places in the line, those included that have been given up and not been passed yet.</summary>
    public int Entries => _sleepers.Count;

    /// <summary>A call goes to sleep; its task must count as sleeping already, or a wakeup could pass it by.</summary>
    public void Add(BlockingCall call)
    {
        Remove(call);
        Tidy();
        var ticket = ++_tickets;
        call.Ticket = ticket;
        _sleepers.Enqueue((call, ticket));
        Interlocked.Increment(ref _count);
    }

    /// <summary>A call sleeps no longer. False: it did not, or another CPU is waking it.</summary>
    public bool Remove(BlockingCall call) => call.Ticket is var ticket && ticket != 0 && Take(call, ticket);

    /// <summary>Takes the call to be woken next; false when none sleeps.</summary>
    public bool TryTake(out BlockingCall call)
    {
        while (_sleepers.TryDequeue(out var sleeper))
        {
            call = sleeper.Call;
            if (Take(call, sleeper.Ticket)) return true; // else it has left, and may sleep again further back
        }

        call = null!;
        return false;
    }

    /// <summary>
    /// Throws places away that were given up, so that timeouts do not pile up. A wakeup may find nobody meanwhile: who has gone to sleep
    /// looks once more anyway, and then wakes.
    /// </summary>
    private void Tidy()
    {
        if (Entries <= (2 * Count) + Spare) return;
        for (var left = Entries; left > 0 && _sleepers.TryDequeue(out var sleeper); left--)
        {
            if (sleeper.Call.Ticket == sleeper.Ticket) _sleepers.Enqueue(sleeper);
        }
    }

    private bool Take(BlockingCall call, int ticket)
    {
        if (!call.TakeTicket(ticket)) return false;
        Interlocked.Decrement(ref _count);
        return true;
    }
}
