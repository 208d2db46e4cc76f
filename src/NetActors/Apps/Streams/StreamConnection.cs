using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>One conversation of a <see cref="StreamProgram"/> with the socket it goes over and where it stands.</summary>
internal sealed class StreamConnection(int slot)
{
    /// <summary>Its number among the thread's connections.</summary>
    public int Slot { get; } = slot;

    /// <summary>What is said; null while the slot is free.</summary>
    public Conversation? Talk { get; set; }

    /// <summary>Its socket; null while it has none.</summary>
    public SocketFile? File { get; set; }

    /// <summary>The socket's descriptor.</summary>
    public int Fd { get; set; }

    /// <summary>What is being done.</summary>
    public ConversationStep Step { get; set; }

    /// <summary>connect() answered EINPROGRESS.</summary>
    public bool IsConnecting { get; set; }

    /// <summary>It was accepted, or connect() succeeded.</summary>
    public bool IsConnected { get; set; }

    /// <summary>What it waits for; None while it does not wait for its socket.</summary>
    public PollEvents Parked { get; set; }

    /// <summary>What epoll watches it for; null while it does not.</summary>
    public PollEvents? Watched { get; set; }

    /// <summary>What it waited for is there.</summary>
    public bool IsSignalled { get; set; }

    /// <summary>Edge-triggered: there was an event since a read found nothing, so that there may be more to read.</summary>
    public bool MayRead { get; set; }

    /// <summary>It stands in the line of those that can go on.</summary>
    public bool IsReady { get; set; }

    /// <summary>Until when it sleeps; Never when it does not.</summary>
    public KernelTime WakeAt { get; set; } = KernelTime.Never;

    /// <summary>It has no socket (any more).</summary>
    public void Reset()
    {
        (File, Fd, IsConnecting, Parked, Watched) = (null, -1, false, PollEvents.None, null);
        (IsConnected, IsSignalled, MayRead) = (false, false, false);
    }
}
