using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Gro;
using NetActors.Nic;
using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>The receive queue of a veth end with NAPI: a ring, and receive offload (kernel: <c>struct veth_rq</c>).</summary>
internal sealed class VethQueue
{
    /// <summary>Packets that it holds (kernel: <c>VETH_RING_SIZE</c>).</summary>
    public const int Slots = 256;

    private readonly Channel<SkBuff> _ring;
    private int _notified;

    /// <param name="device">Whose it is.</param>
    /// <param name="napiId">Id of its NAPI.</param>
    /// <param name="jiffies">The host's tick.</param>
    /// <param name="shared">Real time: several threads write and read.</param>
    public VethQueue(VethDevice device, int napiId, Jiffies jiffies, bool shared)
    {
        _ring = SkbChannel.Create(Slots, shared);
        Napi = new NapiInstance(napiId, $"{device.Name}-rx-0")
        {
            Gro = new GroEngine(KernelVersion.V6, jiffies) { Sockets = device.Stack.GroSockets(() => (device.Features & NicFeatures.UdpGroForwarding) != 0) },
        };
    }

    /// <summary>What polls it.</summary>
    public NapiInstance Napi { get; }

    /// <summary>Packets in the ring.</summary>
    public int Count => _ring.Reader.Count;

    /// <summary>When the next packet came in; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime NextVisible => _ring.Reader.TryPeek(out var skb) ? skb.VisibleFrom : KernelTime.Never;

    /// <summary>Adds a packet (kernel: <c>ptr_ring_produce</c>). False when it is full: the caller still owns it.</summary>
    public bool TryProduce(SkBuff skb) => _ring.Writer.TryWrite(skb);

    /// <summary>Takes the next packet that is there at <paramref name="now"/>.</summary>
    public bool TryConsume(KernelTime now, out SkBuff skb) =>
        _ring.Reader.TryPeek(out skb!) && skb.VisibleFrom <= now && _ring.Reader.TryRead(out skb!);

    /// <summary>The poll has to be scheduled: nobody has since the last one ended (kernel: <c>rx_notify_masked</c>).</summary>
    public bool TryNotify() => Interlocked.Exchange(ref _notified, 1) == 0;

    /// <summary>A poll ended: the next packet schedules another.</summary>
    public void Unmask() => Interlocked.Exchange(ref _notified, 0);

    /// <summary>Frees all that waits, for shutting down.</summary>
    public void Release(SkbDropReason reason)
    {
        while (_ring.Reader.TryRead(out var skb)) skb.Free(reason);
    }
}
