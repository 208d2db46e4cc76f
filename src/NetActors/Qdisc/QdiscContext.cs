using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>What the qdiscs of one device or transmit queue share: the device's figures, randomness, where drops go, the next timer.</summary>
/// <param name="sink">Takes drops.</param>
/// <param name="random">Seeded.</param>
/// <param name="mtu">The device's MTU in bytes.</param>
/// <param name="txQueueLength">Its <c>txqueuelen</c> in packets.</param>
/// <param name="kernel">Whose behaviour.</param>
public sealed class QdiscContext(IQdiscSink sink, KernelRandom random, int mtu = 1500, int txQueueLength = 1000, KernelVersion kernel = KernelVersion.V6)
{
    /// <summary>Bytes of the Ethernet header, which queue lengths include.</summary>
    public const int LinkHeader = 14;

    /// <summary>Takes drops.</summary>
    public IQdiscSink Sink { get; } = sink;

    /// <summary>All randomness of the qdiscs.</summary>
    public KernelRandom Random { get; } = random;

    /// <summary>The device's MTU in bytes.</summary>
    public int Mtu { get; } = mtu;

    /// <summary>Largest frame in bytes (kernel: <c>psched_mtu</c>).</summary>
    public int PschedMtu => Mtu + LinkHeader;

    /// <summary>Packets that a default queue holds.</summary>
    public int TxQueueLength { get; } = txQueueLength;

    /// <summary>Whose behaviour.</summary>
    public KernelVersion Kernel { get; } = kernel;

    /// <summary>Speed of the link in bits a second, for rates in percent; 0 when not known.</summary>
    public long LinkSpeed { get; init; }

    /// <summary>
    /// When a qdisc that had nothing to give wants to be asked again; <see cref="KernelTime.Never"/> for no such time (kernel:
    /// <c>qdisc_watchdog</c>).
    /// </summary>
    public KernelTime Watchdog { get; private set; } = KernelTime.Never;

    /// <summary>The qdisc wants to be run at <paramref name="at"/> (kernel: <c>qdisc_watchdog_schedule_ns</c>).</summary>
    internal void Schedule(KernelTime at) => Watchdog = KernelTime.Min(Watchdog, at);

    /// <summary>Nothing is pending: the qdiscs are run now, and say again what they wait for.</summary>
    public void ClearWatchdog() => Watchdog = KernelTime.Never;
}
