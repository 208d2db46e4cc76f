using NetActors.Hosts;

namespace NetActors.Sockets;

/// <summary>A task that sleeps in poll() or select() until one of its files is ready (kernel: <c>struct poll_wqueues</c>, <c>pollwake</c>).</summary>
internal sealed class PollWaiter(SystemCall call) : IPollWatcher
{
    private int _woken;

    /// <inheritdoc />
    public bool IsExclusive => false;

    /// <summary>Watches the files that the call names.</summary>
    public void Begin()
    {
        Interlocked.Exchange(ref _woken, 0);
        foreach (var entry in call.Events) call.Files[(int)entry.Data]?.Watch(this);
    }

    /// <summary>Watches them no longer.</summary>
    public void End()
    {
        foreach (var entry in call.Events) call.Files[(int)entry.Data]?.Unwatch(this);
    }

    /// <inheritdoc />
    public bool OnEvent(HostCpu cpu, PollEvents events)
    {
        if (Interlocked.Exchange(ref _woken, 1) != 0) return false;
        cpu.WakeWith(call.Task, call);
        return true;
    }

    /// <inheritdoc />
    public void OnClosed()
    {
        // The call keeps the file; it looks again when its time is over or another file is ready.
    }

    /// <summary>The call's time is over.</summary>
    public void OnTimeout(HostCpu cpu)
    {
        call.TimedOut = true;
        OnEvent(cpu, PollEvents.None);
    }

    /// <summary>What each file is ready for, into the call's events; how many are (kernel: <c>do_poll</c>).</summary>
    public int Look()
    {
        const PollEvents Always = PollEvents.Err | PollEvents.Hup;
        var ready = 0;
        for (var i = 0; i < call.Events.Length; i++)
        {
            var fd = (int)call.Events[i].Data;
            var wanted = call.Wanted[i];
            var happened = fd < 0 ? PollEvents.None : call.Files[fd] is { } file ? file.Poll() & (wanted | Always) : PollEvents.Nval;
            call.Events[i] = new EpollEvent(happened, call.Events[i].Data);
            if (happened != PollEvents.None) ready++;
        }

        return ready;
    }
}
