namespace NetActors.Sockets;

/// <summary>What a file is ready for (kernel: <c>EPOLL*</c> of include/uapi/linux/eventpoll.h, the same bits as <c>POLL*</c>).</summary>
[Flags]
public enum PollEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Something can be read (<c>EPOLLIN</c>).</summary>
    In = 0x001,

    /// <summary>Urgent data (<c>EPOLLPRI</c>).</summary>
    Pri = 0x002,

    /// <summary>There is room to write (<c>EPOLLOUT</c>).</summary>
    Out = 0x004,

    /// <summary>An error waits; always reported (<c>EPOLLERR</c>).</summary>
    Err = 0x008,

    /// <summary>Both directions are over; always reported (<c>EPOLLHUP</c>).</summary>
    Hup = 0x010,

    /// <summary>Not an open descriptor (<c>POLLNVAL</c>).</summary>
    Nval = 0x020,

    /// <summary><c>EPOLLRDNORM</c>.</summary>
    RdNorm = 0x040,

    /// <summary><c>EPOLLRDBAND</c>.</summary>
    RdBand = 0x080,

    /// <summary><c>EPOLLWRNORM</c>.</summary>
    WrNorm = 0x100,

    /// <summary><c>EPOLLWRBAND</c>.</summary>
    WrBand = 0x200,

    /// <summary><c>EPOLLMSG</c>.</summary>
    Msg = 0x400,

    /// <summary>The peer sends no more (<c>EPOLLRDHUP</c>).</summary>
    RdHup = 0x2000,

    /// <summary>Of several instances that watch the file only one is woken (<c>EPOLLEXCLUSIVE</c>).</summary>
    Exclusive = 1u << 28,

    /// <summary>Keeps the machine awake; taken and without effect here (<c>EPOLLWAKEUP</c>).</summary>
    WakeUp = 1u << 29,

    /// <summary>Reported once, then off until changed (<c>EPOLLONESHOT</c>).</summary>
    OneShot = 1u << 30,

    /// <summary>Reported when something happens, not while it lasts (<c>EPOLLET</c>).</summary>
    EdgeTriggered = 1u << 31,
}
