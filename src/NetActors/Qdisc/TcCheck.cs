using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>Tries commands of tc on a device that is not there, so that a faulty one is found before anything runs.</summary>
public sealed class TcCheck : IQdiscSink
{
    private readonly DeviceQdiscs _device;

    /// <summary>A device with so many transmit queues.</summary>
    /// <param name="device">Its name.</param>
    /// <param name="queues">Transmit queues.</param>
    /// <param name="txQueueLength"><c>txqueuelen</c>.</param>
    /// <param name="mtu">Its MTU in bytes.</param>
    /// <param name="linkSpeed">Bits a second.</param>
    /// <param name="kernel">Whose behaviour.</param>
    public TcCheck(string device, int queues, int txQueueLength, int mtu, long linkSpeed, KernelVersion kernel)
    {
        var contexts = Enumerable.Range(0, queues).Select(_ => new QdiscContext(this, new KernelRandom(0), mtu, txQueueLength, kernel) { LinkSpeed = linkSpeed });
        _device = new DeviceQdiscs(device, [.. contexts], "pfifo_fast");
    }

    /// <summary>What is wrong with the next command; null when nothing is.</summary>
    /// <param name="command">Such as <c>tc qdisc add dev eth0 root fq</c>.</param>
    /// <param name="at">The character of it that the fault is about.</param>
    public string? Fault(string command, out int at) => _device.Apply(command, KernelTime.Zero, out at);

    /// <inheritdoc />
    public void Drop(SkBuff skb, SkbDropReason reason) => skb?.Free(reason);

    /// <inheritdoc />
    public bool Redirect(SkBuff skb, string device, bool ingress) => false;

    /// <inheritdoc />
    public uint Hash(SkBuff skb) => 0;

    /// <inheritdoc />
    public SkBuff? Clone(SkBuff skb) => null;

    /// <inheritdoc />
    public SkBuff? Segment(SkBuff skb) => null;

    /// <inheritdoc />
    public bool Unshare(ref SkBuff skb) => false;
}
