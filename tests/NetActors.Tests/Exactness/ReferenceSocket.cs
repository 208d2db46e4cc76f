namespace NetActors.Tests.Exactness;

/// <summary>A UDP socket: datagrams within the receive buffer, threads that wait for them.</summary>
internal sealed class ReferenceSocket(int id, int rcvBuf)
{
    public int Id { get; } = id;

    public int RcvBuf { get; } = rcvBuf;

    public int Rmem { get; set; }

    public Queue<SmallFrame> Received { get; } = new();

    public List<ReferenceTask> Waiting { get; } = [];

    /// <summary>The CPU that is, or was last, inside the socket, and until when: the rule of busy actors (design section 2).</summary>
    public ReferenceCpu? Holder { get; set; }

    public long BusyUntil { get; set; }

    public long Delivered { get; set; }

    public long Drops { get; set; }
    public bool IsHeldByOther(ReferenceCpu cpu) => Holder is not null && Holder != cpu && BusyUntil > cpu.Now;
}

/// <summary>A thread of a sink: where it is in its loop of calls.</summary>
internal sealed class ReferenceThread(ReferenceSocket socket, SmallSink sink)
{
    public ReferenceSocket Socket { get; } = socket;

    public SmallSink Sink { get; } = sink;

    /// <summary>Slept inside the call: it is not entered again.</summary>
    public bool Resumed { get; set; }

    /// <summary>What the call returned and has not been freed.</summary>
    public List<SmallFrame> Batch { get; } = [];
}
