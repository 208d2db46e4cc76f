using System.Collections.Concurrent;
using NetActors.Hosts;
using NetActors.Sockets;

namespace NetActors.Apps.Streams;

/// <summary>What the threads of a server share: its listener, which the first opens while the others wait (as threads started after listen() do).</summary>
/// <param name="threads">Threads.</param>
internal sealed class StreamProcess(int threads)
{
    private readonly ConcurrentQueue<AppTaskActor> _waiting = new();
    private SocketFile? _listener;
    private int _claimed;
    private int _running = threads;

    /// <summary>The listener; null before it listens.</summary>
    public SocketFile? Listener => Volatile.Read(ref _listener);

    /// <summary>The thread is the one that opens the listener.</summary>
    public bool Claim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    /// <summary>It listens: threads that wait go on.</summary>
    public void Publish(SocketFile listener, HostCpu cpu)
    {
        Volatile.Write(ref _listener, listener);
        Release(cpu);
    }

    /// <summary>The thread sleeps until there is a listener.</summary>
    public void Await(AppTaskActor task)
    {
        task.Wait();
        _waiting.Enqueue(task);
        if (Listener is not null) Release(task.Cpu); // it came in between
    }

    /// <summary>A thread ends; true for the last one.</summary>
    public bool Leave() => Interlocked.Decrement(ref _running) == 0;

    private void Release(HostCpu cpu)
    {
        while (_waiting.TryDequeue(out var task)) cpu.WakeWith(task.Entity, AppTaskProtocol.TimerDone.Instance);
    }
}
