using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Gro;

/// <summary>
/// Receive offload of one NAPI: merges packets of a flow, and collects what goes up (kernel: <c>struct gro_node</c>,
/// <c>dev_gro_receive</c>, <c>gro_normal_one</c>; specification section 8.1). Pure: whoever polls gives it packets and takes them.
/// </summary>
internal sealed class GroEngine
{
    private const int Buckets = 8; // GRO_HASH_BUCKETS
    private const int ProtocolAt = 9; // in an IPv4 header
    private static readonly KernelTime Millisecond = KernelTime.FromMilliseconds(1);
    private readonly KernelVersion _kernel;
    private readonly Jiffies _jiffies;
    private readonly GroHeld[] _held;
    private SkBuff? _firstUp;
    private SkBuff? _lastUp;
    private int _segmentsUp; // rx_count

    /// <summary>The engine of a NAPI of a <paramref name="kernel"/> that ticks as <paramref name="jiffies"/> say.</summary>
    public GroEngine(KernelVersion kernel, Jiffies jiffies)
    {
        (_kernel, _jiffies) = (kernel, jiffies);
        _held = [.. Enumerable.Range(0, kernel == KernelVersion.V6 ? Buckets : 1).Select(_ => new GroHeld())];
    }

    /// <summary>Packets that wait for others of their flow.</summary>
    public int Held { get; private set; }

    /// <summary>Packets that wait to go up.</summary>
    public int Up { get; private set; }

    /// <summary>Packets that became part of another so far.</summary>
    public long Merged { get; private set; }

    /// <summary>Who wants datagrams merged; null for nobody.</summary>
    public IGroSockets? Sockets { get; set; }

    /// <summary>Takes a packet whose data begins at its network header.</summary>
    /// <param name="skb">The packet; not the caller's any more.</param>
    /// <param name="isOn">The device's feature <c>gro</c>.</param>
    /// <param name="now">The CPU's time.</param>
    /// <param name="isLossy">The driver merges TCP segments as LRO does, before gro would.</param>
    public GroResult Receive(SkBuff skb, bool isOn, KernelTime now, bool isLossy = false)
    {
        if (isLossy)
        {
            isLossy = skb.Protocol == EtherTypes.Ipv4 && TcpLro.IsCandidate(skb);
            if (!isLossy && !isOn) Flush(false, now); // lro_flush: nothing overtakes what LRO holds
            isOn |= isLossy;
        }

        if (!isOn || skb.Protocol != EtherTypes.Ipv4 || !MayMerge(skb))
        {
            AddUp(skb, 1);
            return GroResult.Normal;
        }

        var held = _held[skb.Hash & (uint)(_held.Length - 1)];
        for (var place = 0; place < held.Count; place++) held[place].Gro.SameFlow = IsSameFlow(held[place], skb);
        var isGso = skb.Shared.GsoSize > 0;
        skb.Gro = new GroControlBlock { Count = isGso ? skb.Shared.GsoSegs : 1 };
        var done = isLossy ? TcpLro.Receive(held, skb, _kernel) : InetGro.Receive(held, skb, _kernel, Sockets);
        if (done is not null) Complete(held, done);
        if (skb.Gro.SameFlow)
        {
            Merged++;
            return GroResult.Merged;
        }

        if (skb.Gro.Flush || (held.Count == GroHeld.Max && _kernel == KernelVersion.V310))
        {
            AddUp(skb, skb.Gro.Count);
            return GroResult.Normal;
        }

        if (held.Count == GroHeld.Max) Complete(held, held.Oldest);
        skb.Gro.Age = JiffyOf(now);
        if (!isGso) skb.Shared.GsoSize = (ushort)SkbMerge.PayloadLength(skb);
        held.Add(skb);
        Held++;
        return GroResult.Held;
    }

    /// <summary>Some rule may merge it: neither for what no socket asked for nor for other protocols is anything looked at.</summary>
    private bool MayMerge(SkBuff skb) => skb.HeadLength >= Ipv4Header.Size && skb.Data[ProtocolAt] switch
    {
        IpProtocols.Tcp => true,
        IpProtocols.Udp => Sockets is { AnyWantsGro: true },
        _ => false,
    };

    /// <summary>Enough wait to go up now (<c>net.core.gro_normal_batch</c>; 3.10 collects nothing).</summary>
    public bool IsUpDue(int batch) => _segmentsUp >= (_kernel == KernelVersion.V6 ? batch : 1);

    /// <summary>Takes the next packet that goes up.</summary>
    public bool TryTakeUp(out SkBuff skb)
    {
        skb = _firstUp!;
        if (_firstUp is null) return false;
        _firstUp = skb.Next;
        skb.Next = null;
        Up--;
        if (_firstUp is null) (_lastUp, _segmentsUp) = (null, 0);
        return true;
    }

    /// <summary>The poll has spent its weight: what was held before this jiffy goes up; all of it when a jiffy is longer than a millisecond.</summary>
    public void FlushAtWeight(KernelTime now) => Flush(_jiffies.IsExact || _jiffies.Hz >= 1000, now);

    /// <summary>What is held goes up, the oldest of each bucket first (kernel: <c>napi_gro_flush</c>).</summary>
    /// <param name="onlyOld">What was held in this jiffy stays.</param>
    /// <param name="now">The CPU's time.</param>
    public void Flush(bool onlyOld, KernelTime now)
    {
        if (Held == 0) return;
        foreach (var held in _held)
        {
            while (held.Count > 0 && !(onlyOld && held.Oldest.Gro.Age == JiffyOf(now))) Complete(held, held.Oldest);
        }
    }

    /// <summary>Frees all that waits, for shutting down. The number of packets.</summary>
    public int Release(SkbDropReason reason)
    {
        Flush(false, KernelTime.Zero);
        var freed = 0;
        for (; TryTakeUp(out var skb); freed++) skb.Free(reason);
        return freed;
    }

    /// <summary>Same device, hash, tag and link header (kernel: <c>gro_list_prepare</c>).</summary>
    private bool IsSameFlow(SkBuff held, SkBuff skb) =>
        (held.Hash == skb.Hash || _kernel == KernelVersion.V310) && held.IfIndex == skb.IfIndex && held.VlanTci == skb.VlanTci &&
        held.From(held.MacHeader)[..EthernetHeader.Size].SequenceEqual(skb.From(skb.MacHeader)[..EthernetHeader.Size]);

    private void Complete(GroHeld held, SkBuff skb)
    {
        held.Remove(skb);
        Held--;
        if (skb.Gro.IsLossy && skb.Gro.Count > 1) TcpLro.Complete(skb);
        else if (skb.Gro.Count == 1) skb.Shared.GsoSize = 0;
        else InetGro.Complete(skb);
        AddUp(skb, skb.Gro.Count);
    }

    private void AddUp(SkBuff skb, int segments)
    {
        if (_lastUp is null) _firstUp = skb;
        else _lastUp.Next = skb;
        _lastUp = skb;
        Up++;
        _segmentsUp += segments;
    }

    /// <summary>An exact host has no tick; there a jiffy is taken for a millisecond, as at HZ=1000.</summary>
    private long JiffyOf(KernelTime now) => _jiffies.IsExact ? now.Nanoseconds / Millisecond.Nanoseconds : _jiffies.At(now);
}
