using NetActors.Hosts;
using NetActors.Sockets;

namespace NetActors.Epoll;

/// <summary>An epoll instance as a file (kernel: <c>eventpoll_fops</c>).</summary>
internal sealed class EpollFile : SocketFile
{
    private const int MaxNests = 4; // EP_MAX_NESTS
    private EpollFile[] _nested = []; // instances that it watches; replaced whole

    /// <summary>Its lists.</summary>
    public EpollCore Core { get; } = new();

    /// <summary>Calls that sleep in it, the youngest first.</summary>
    public SleepStack Sleepers { get; } = new();

    /// <summary>How it busy polls (<c>EPIOCSPARAMS</c>).</summary>
    public EpollParams Params { get; set; }

    /// <summary>It, or the whole host, busy polls (kernel: <c>ep_busy_loop_on</c>).</summary>
    public bool IsBusyLoopOn(HostCpu cpu) => Params.BusyPollUsecs > 0 || Params.PreferBusyPoll || cpu.BusyPollUsecs > 0;

    /// <summary>The NAPI of a file that is ready is the one to poll next (kernel: <c>ep_set_busy_poll_napi_id</c>).</summary>
    public void SetNapiId(HostCpu cpu, SocketFile file)
    {
        if (file.NapiId > 0 && IsBusyLoopOn(cpu)) NapiId = file.NapiId;
    }

    /// <inheritdoc />
    public override bool EndsBusyLoop => Core.HasReady;

    /// <summary>Somebody sleeps in it, or watches it.</summary>
    public bool HasSleepers => Sleepers.Count > 0 || IsWatched;

    /// <summary>
    /// Whether watching <paramref name="other"/> would close a loop or nest deeper than five instances (kernel: <c>ep_loop_check</c>).
    /// </summary>
    public bool WouldLoop(EpollFile other)
    {
        var below = other.DepthBelow(this, 0);
        return below > MaxNests || below + 1 + HeightAbove(0) > MaxNests;
    }

    /// <summary>An instance is watched, or no longer.</summary>
    public void Nest(EpollFile other, bool isWatched)
    {
        while (true)
        {
            var old = Volatile.Read(ref _nested);
            EpollFile[] next = isWatched ? [.. old, other] : [.. old.Where(file => !ReferenceEquals(file, other))];
            if (Interlocked.CompareExchange(ref _nested, next, old) == old) return;
        }
    }

    /// <summary>A watched file has an event: the instance's actor puts it on the ready list.</summary>
    public void Ring(EpItem item) => Tell(item);

    /// <inheritdoc />
    public override PollEvents Poll() => Core.IsReadable() ? PollEvents.In | PollEvents.RdNorm : PollEvents.None;

    /// <summary>Levels of instances below this one; very many when one of them is <paramref name="top"/>.</summary>
    private int DepthBelow(EpollFile top, int level)
    {
        if (ReferenceEquals(this, top) || level > MaxNests) return int.MaxValue / 2;
        var depth = 0;
        foreach (var file in Volatile.Read(ref _nested)) depth = Math.Max(depth, file.DepthBelow(top, level + 1) + 1);
        return depth;
    }

    /// <summary>Levels of instances that watch this one.</summary>
    private int HeightAbove(int level)
    {
        var height = 0;
        if (level > MaxNests) return level;
        foreach (var watcher in Watchers)
        {
            if (watcher is EpItem item) height = Math.Max(height, item.Epoll.HeightAbove(level + 1) + 1);
        }

        return height;
    }

    /// <summary>Tells those who watch the instance itself (kernel: <c>ep_poll_safewake</c>).</summary>
    public void NotifyOthers(HostCpu cpu) => NotifyWatchers(cpu, PollEvents.In | PollEvents.RdNorm);
}
