using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// The receive side of a NIC as a pure machine: frames are pulled with their arrival times, and moved into the rings, or dropped, when
/// somebody advances it (design section 2, "skew" rule 2). A CPU that polls at <c>now</c> sees the ring exactly as it is then.
/// </summary>
public sealed partial class NicReceive
{
    /// <summary>Frames that may be classified before their time.</summary>
    public const int LookAhead = 4096;

    /// <summary>Room that drivers leave in front of a frame (kernel: <c>NET_SKB_PAD</c>, x86-64).</summary>
    public const int HeadroomBytes = 64;

    private IDropObserver? _drops;
    private readonly Func<int, SkbPool> _pools;
    private readonly KernelTime _jiffy;
    private readonly RxClassifier _classifier;
    private readonly InFlightFrames _inFlight;
    private readonly PacketFifo _fifo;
    private readonly List<RxQueue> _queues = [];
    private IFrameSource _source;
    private bool _dropEnabled;

    /// <summary>A NIC at boot: <paramref name="channels"/> queues, their vectors unmasked.</summary>
    /// <param name="model">What kind of card it is.</param>
    /// <param name="address">Its Ethernet address.</param>
    /// <param name="channels">Receive queues.</param>
    /// <param name="pools">The pool that packets of a queue come from; its packets hold a frame and <see cref="HeadroomBytes"/>.</param>
    /// <param name="source">Where frames come from.</param>
    /// <param name="key">RSS key of <see cref="NicModel.KeyBytes"/>; empty for the canonical one.</param>
    /// <param name="drops">Learns of drops.</param>
    /// <param name="jiffy">Length of a jiffy; zero for 4 ms (HZ 250).</param>
    public NicReceive(
        NicModel model,
        ulong address,
        int channels,
        Func<int, SkbPool> pools,
        IFrameSource source,
        ReadOnlySpan<byte> key = default,
        IDropObserver? drops = null,
        KernelTime jiffy = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, model.MaxQueues);
        (Model, _pools, _source, _drops) = (model, pools, source, drops);
        _jiffy = jiffy == KernelTime.Zero ? KernelTime.FromMilliseconds(4) : jiffy;
        Filter = new MacFilter(address);
        Rules = new FlowRules(model.FlowRuleLocations);
        Contexts = new RssContexts(key.IsEmpty ? DefaultKey(model.KeyBytes) : key, model.IndirectionSize, channels);
        _classifier = new RxClassifier(Filter, Rules, Contexts) { MaxFrameBytes = 1500 + 18 };
        _inFlight = new InFlightFrames(LookAhead, model.MaxQueues);
        _fifo = new PacketFifo(model.FifoBytes);
        (RingSize, Coalesce, PauseTx, PauseRx) = (model.RxRing, model.Coalesce, model.Pause, model.Pause);
        Open(channels);
    }

    /// <summary>What kind of card it is.</summary>
    public NicModel Model { get; }

    /// <summary>Addresses it takes; to change them, advance to now, change, and call <see cref="Reclassify"/>.</summary>
    public MacFilter Filter { get; }

    /// <summary>Flow rules, changed through <see cref="EthtoolSettings"/>.</summary>
    public FlowRules Rules { get; }

    /// <summary>RSS contexts, changed through <see cref="EthtoolSettings"/>.</summary>
    public RssContexts Contexts { get; }

    /// <summary>Counters.</summary>
    public NicStatistics Statistics { get; } = new();

    /// <summary>Receive queues in use.</summary>
    public int Channels { get; private set; }

    /// <summary>Descriptors of each ring.</summary>
    public int RingSize { get; private set; }

    /// <summary>Moderation of every vector.</summary>
    public CoalesceSettings Coalesce { get; private set; }

    /// <summary>Features that are on.</summary>
    public NicFeatures Features { get; private set; } = NicFeatures.Default;

    /// <summary>It may ask the wire to pause.</summary>
    public bool PauseTx { get; private set; }

    /// <summary>It heeds the wire's pause frames; the transmit side looks here.</summary>
    public bool PauseRx { get; private set; }

    /// <summary>A frame without descriptor is dropped at once instead of holding up all queues (kernel:
    /// <c>ixgbe_set_rx_drop_en</c>).</summary>
    public bool DropEnabled => _dropEnabled;

    /// <summary>It wants the wire silent: whoever connects the two looks here after advancing.</summary>
    public bool PauseRequested { get; private set; }

    /// <summary>Frames that wait on the chip.</summary>
    public int FifoFrames => _fifo.Count;

    /// <summary>Frames taken from the source that have not been moved on.</summary>
    public int FramesInFlight => _inFlight.Count;

    /// <summary>Arrival of the first of them; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime NextInFlight => _inFlight.Oldest;

    /// <summary>When the next frame arrives of those that are on their way, for whichever queue; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime NextArrival => KernelTime.Min(_inFlight.Oldest, _source.NextArrival);

    /// <summary>Longest IP packet in bytes.</summary>
    public int Mtu => _classifier.MaxFrameBytes - 18;

    /// <summary>A receive queue.</summary>
    public RxQueue Queue(int index) => _queues[index];

    /// <summary>Moves everything that arrived by <paramref name="now"/>, for all queues: before reading counters or changing
    /// settings.</summary>
    public void AdvanceTo(KernelTime now)
    {
        if (_fifo.Count > 0) DrainFifo(now); // in real time the driver posts descriptors without telling
        while (true)
        {
            var held = _inFlight.Oldest;
            var before = held > now ? now : new KernelTime(held.Nanoseconds - 1);
            ref var next = ref _inFlight.Coming;
            while (_source.TryTake(before, out next.Frame))
            {
                Statistics.Taken++;
                _classifier.Classify(next.Frame, out next.Verdict);
                Arrive(ref next);
            }

            if (held > now) return;
            ArriveOldest();
        }
    }

    /// <summary>
    /// Moves what arrived for one queue by <paramref name="now"/>: before its CPU takes from it or fills it up. Other queues, whose
    /// CPUs may be behind, stay as they are, unless a shared FIFO ties them together.
    /// </summary>
    public void AdvanceTo(int queue, KernelTime now)
    {
        if (!_dropEnabled)
        {
            AdvanceTo(now);
            return;
        }

        while (_source.TryTake(now, out _inFlight.Coming.Frame))
        {
            Statistics.Taken++;
            ref var next = ref _inFlight.Coming;
            _classifier.Classify(next.Frame, out next.Verdict);
            if (next.Verdict.Queue == queue || next.Verdict.Queue < 0)
            {
                ArriveOf(next.Verdict.Queue, next.Frame.Arrival); // what was held comes first
                Arrive(ref next);
                continue;
            }

            if (_inFlight.IsFull) ArriveOldest();
            _inFlight.Add();
        }

        ArriveOf(-1, now);
        ArriveOf(queue, now);
    }

    /// <summary>
    /// Takes the next packet of a queue that is there at <paramref name="now"/>, as a driver's poll does: first posting a batch of
    /// cleaned descriptors. False when there is none. The data begins at the Ethernet header; <c>eth_type_trans</c> is the driver's.
    /// </summary>
    public bool TryPoll(int queue, KernelTime now, out SkBuff skb)
    {
        AdvanceTo(queue, now);
        var rx = _queues[queue];
        if (rx.Ring.NeedsRefill) Refill(queue, now);
        return rx.TryRead(now, out skb);
    }

    /// <summary>
    /// The same in real time, where the device's thread advances the NIC by itself and this one only touches ring and descriptors.
    /// </summary>
    public bool TryPollRing(int queue, KernelTime now, out SkBuff skb)
    {
        var rx = _queues[queue];
        if (rx.Ring.NeedsRefill) rx.Post(now);
        return rx.TryRead(now, out skb);
    }

    /// <summary>Posts all unused descriptors of a queue (kernel: <c>ixgbe_alloc_rx_buffers</c>); frames on the chip move up.</summary>
    public void Refill(int queue, KernelTime now)
    {
        _queues[queue].Post(now);
        DrainFifo(now);
    }

    /// <summary>Packets of a queue that its driver can take at <paramref name="now"/>.</summary>
    public int Ready(int queue, KernelTime now)
    {
        AdvanceTo(queue, now);
        return _queues[queue].Count;
    }

    /// <summary>The card goes: everything it holds is freed and counted as purged.</summary>
    public void Shutdown()
    {
        PurgeRings(RingSize);
        while (_inFlight.Count > 0)
        {
            Statistics.RxPurged++;
            _inFlight.Take().Frame.Owner?.Free(SkbDropReason.HOST_SHUTDOWN);
        }

        for (; _fifo.Count > 0; _fifo.Remove())
        {
            Statistics.RxPurged++;
            _fifo.Peek().Frame.Owner?.Free(SkbDropReason.HOST_SHUTDOWN);
        }
    }

    private static byte[] DefaultKey(int bytes)
    {
        var key = new byte[bytes];
        for (var i = 0; i < bytes; i++) key[i] = Toeplitz.CanonicalKey[i % 40];
        return key;
    }

    private void ArriveOldest() => Arrive(in _inFlight.Take());

    private void ArriveOf(int queue, KernelTime now)
    {
        while (_inFlight.OldestOf(queue) <= now) Arrive(in _inFlight.TakeOf(queue));
    }

    /// <summary>A frame's last bit has arrived: it goes to its ring, waits on the chip, or ends.</summary>
    private void Arrive(ref readonly HeldFrame held)
    {
        ref readonly var frame = ref held.Frame;
        ref readonly var verdict = ref held.Verdict;
        if (verdict.Rule == FlowRuleOutcome.Match) Statistics.FdirMatch++;
        else if (verdict.Rule == FlowRuleOutcome.Miss) Statistics.FdirMiss++;
        if (verdict.Drop != SkbDropReason.NOT_DROPPED_YET)
        {
            Drop(frame, verdict.Drop);
            return;
        }

        if (_fifo.Count == 0 && TryDma(frame, verdict, frame.Arrival)) return;
        if (_dropEnabled)
        {
            _queues[verdict.Queue].Drops++;
            Drop(frame, SkbDropReason.HW_NO_DESCRIPTOR);
            return;
        }

        Statistics.RxNoBufferCount++;
        if (!_fifo.TryAdd(held)) Drop(frame, SkbDropReason.HW_FIFO_FULL);
        if (!PauseTx || PauseRequested || _fifo.Bytes < Model.PauseHighBytes) return;
        PauseRequested = true;
        Statistics.TxFlowControlXoff++;
    }

    private void DrainFifo(KernelTime now)
    {
        while (_fifo.Count > 0)
        {
            ref readonly var waiting = ref _fifo.Peek();
            if (!TryDma(waiting.Frame, waiting.Verdict, KernelTime.Max(now, waiting.Frame.Arrival))) break;
            _fifo.Remove();
        }

        if (PauseRequested && _fifo.Bytes <= Model.PauseLowBytes) Resume();
    }

    private void Resume()
    {
        PauseRequested = false;
        Statistics.TxFlowControlXon++;
    }

    private void Drop(in WireFrame frame, SkbDropReason reason)
    {
        Statistics.OnDrop(reason);
        try
        {
            _drops?.OnDrop(reason, frame, frame.Arrival);
        }
        finally
        {
            frame.Owner?.Free(SkbDropReason.CONSUMED); // its sender has sent it
        }
    }
}
