using NetActors.Hosts;
using NetActors.Sockets;

namespace NetActors.Epoll;

/// <summary>An epoll instance as a file (kernel: <c>eventpoll_fops</c>).</summary>
internal sealed class EpollFile : SocketFile
{
    /// <summary>Its lists.</summary>
    public EpollCore Core { get; } = new();

    /// <summary>Calls that sleep in it, the youngest first.</summary>
    public SleepStack Sleepers { get; } = new();

    /// <summary>Somebody sleeps in it, or watches it.</summary>
    public bool HasSleepers => Sleepers.Count > 0 || IsWatched;

    /// <summary>A watched file has an event: the instance's actor puts it on the ready list.</summary>
    public void Ring(EpItem item) => Tell(item);

    /// <inheritdoc />
    public override PollEvents Poll() => Core.IsReadable() ? PollEvents.In | PollEvents.RdNorm : PollEvents.None;

    /// <summary>Tells those who watch the instance itself (kernel: <c>ep_poll_safewake</c>).</summary>
    public void NotifyOthers(HostCpu cpu) => NotifyWatchers(cpu, PollEvents.In | PollEvents.RdNorm);
}
