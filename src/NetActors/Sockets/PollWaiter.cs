using NetActors.Hosts;

namespace NetActors.Sockets;

/// <summary>A task that sleeps in poll() or select() until one of its files is ready (kernel: <c>struct poll_wqueues</c>, <c>pollwake</c>).</summary>
internal sealed class PollWaiter(SystemCall call) : IPollWatcher
{
    private const int Idle = 0;
    private const int Watching = 1;
    private const int Woken = 2;
    private int _state;

    /// <inheritdoc />
    public bool IsExclusive => false;

    /// <summary>The call that waits.</summary>
    public SystemCall Call => call;

    /// <summary>Watches the files that the call names.</summary>
    public void Begin()
    {
        Interlocked.Exchange(ref _state, Watching);
        foreach (var entry in call.Events) call.Files[(int)entry.Data]?.Watch(this);
    }

    /// <summary>Watches them no longer. False: another CPU is waking the task, which has to wait for that.</summary>
    public bool TryEnd()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Watching) != Watching) return false;
        Unwatch();
        return true;
    }

    /// <summary>The wakeup has come.</summary>
    public void OnWoken()
    {
        Interlocked.Exchange(ref _state, Idle);
        Unwatch();
    }

    private void Unwatch()
    {
        foreach (var entry in call.Events) call.Files[(int)entry.Data]?.Unwatch(this);
    }

    /// <inheritdoc />
    public bool OnEvent(HostCpu cpu, PollEvents events)
    {
        if (Interlocked.CompareExchange(ref _state, Woken, Watching) != Watching) return false;
        cpu.WakeWith(call.Task, this, sync: (events & PollEvents.In) != 0);
        return true;
    }

    /// <inheritdoc />
    public void OnClosed(SocketFile file)
    {
        // poll() looked the file up before it slept, and goes on with it
    }

    /// <summary>The call's time is over.</summary>
    public void OnTimeout(HostCpu cpu)
    {
        call.TimedOut = true;
        OnEvent(cpu, PollEvents.None);
    }

    /// <summary>What each file is ready for, into the call's events; how many are (kernel: <c>do_poll</c>).</summary>
    /// <param name="looked">Files that were asked.</param>
    public int Look(out int looked)
    {
        looked = 0;
        var always = call.Sets is null ? PollEvents.Err | PollEvents.Hup : PollEvents.None;
        var ready = 0;
        for (var i = 0; i < call.Events.Length; i++)
        {
            var fd = (int)call.Events[i].Data;
            var wanted = call.Wanted[i];
            if (fd >= 0) looked++;
            var happened = fd < 0 ? PollEvents.None : call.Files[fd] is { } file ? file.Poll() & (wanted | always) : PollEvents.Nval;
            call.Events[i] = new EpollEvent(happened, call.Events[i].Data);
            if (happened != PollEvents.None) ready++;
        }

        return ready;
    }
}
