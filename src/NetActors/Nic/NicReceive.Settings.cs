using NetActors.Links;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// Changes while frames flow. Each first moves what arrived by then, and decides anew about what was looked at ahead of its time.
/// Arguments were checked by <see cref="EthtoolSettings"/>.
/// </summary>
public sealed partial class NicReceive
{
    /// <summary>Filter, rules or hashes changed at <paramref name="now"/>: frames that arrive later are decided by them.</summary>
    public void Reclassify(KernelTime now)
    {
        AdvanceTo(now);
        _inFlight.Reclassify(_classifier);
    }

    /// <summary>Another source from now on; what was taken from the old one still arrives.</summary>
    public void Attach(IFrameSource source) => _source = source;

    /// <summary>Where flows are led that the stack asks for.</summary>
    internal void Attach(ArfsTable arfs) => _classifier.Arfs = arfs;

    /// <summary>Learns of drops from now on.</summary>
    public void Attach(IDropObserver drops) => _drops = drops;

    /// <summary>The device was closed and opened with that many queues: rings are empty (kernel: <c>ixgbe_setup_tc</c>).</summary>
    internal void SetChannels(int channels, KernelTime now)
    {
        AdvanceTo(now);
        FlushFifo();
        PurgeRings(RingSize);
        Contexts.OnChannels(channels);
        Open(channels);
        _inFlight.Reclassify(_classifier);
    }

    internal void SetRing(int size, KernelTime now)
    {
        AdvanceTo(now);
        FlushFifo();
        RingSize = size;
        PurgeRings(size);
    }

    internal void SetCoalesce(CoalesceSettings settings, KernelTime now)
    {
        AdvanceTo(now);
        Coalesce = settings;
        foreach (var queue in _queues) queue.Moderation.Apply(settings);
    }

    internal void SetFeatures(NicFeatures features, KernelTime now)
    {
        AdvanceTo(now);
        Features = features;
        _classifier.UseRules = features.HasFlag(NicFeatures.Ntuple);
        _inFlight.Reclassify(_classifier);
    }

    internal void SetPause(bool rx, bool tx, KernelTime now)
    {
        AdvanceTo(now);
        (PauseRx, PauseTx) = (rx, tx);
        if (!tx && PauseRequested) Resume();
        ChooseDropEnable();
    }

    internal void SetMtu(int bytes, KernelTime now)
    {
        AdvanceTo(now);
        _classifier.MaxFrameBytes = bytes + 18;
        _inFlight.Reclassify(_classifier);
    }

    private void Open(int channels)
    {
        for (var i = _queues.Count; i < channels; i++)
            _queues.Add(new RxQueue(i, Model, RingSize, _pools(i), new InterruptModeration(Model.Moderation, Coalesce, _jiffy)));
        Channels = channels;
        ChooseDropEnable();
    }

    /// <summary>Drops at the ring unless a single queue or pause frames make waiting the better choice.</summary>
    private void ChooseDropEnable()
    {
        _dropEnabled = Channels > 1 && !PauseTx;
        if (_dropEnabled) FlushFifo();
    }

    private void PurgeRings(int size)
    {
        foreach (var queue in _queues) Statistics.RxPurged += queue.Replace(size);
    }

    /// <summary>What waits on the chip finds its ring gone, or may no longer wait.</summary>
    private void FlushFifo()
    {
        for (; _fifo.Count > 0; _fifo.Remove()) Drop(_fifo.Peek().Frame, Buffers.SkbDropReason.HW_NO_DESCRIPTOR);
        if (PauseRequested) Resume();
    }
}
