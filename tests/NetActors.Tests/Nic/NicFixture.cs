using NetActors.Buffers;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

/// <summary>Frames written down beforehand, or added as the test goes.</summary>
internal sealed class ListSource(params WireFrame[] frames) : IFrameSource
{
    private readonly Queue<WireFrame> _frames = new(frames);

    public KernelTime NextArrival => _frames.TryPeek(out var frame) ? frame.Arrival : KernelTime.Never;

    public void Add(WireFrame frame) => _frames.Enqueue(frame);

    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        if (_frames.TryPeek(out frame) && frame.Arrival <= until) return _frames.TryDequeue(out frame);
        frame = default;
        return false;
    }
}

/// <summary>A NIC with a source, pools and a record of its drops.</summary>
internal sealed class NicFixture : IDropObserver
{
    public NicFixture(int channels = 4, NicModel? model = null, int poolLimit = 100_000)
    {
        Pool = new SkbPool(4096, poolLimit);
        Nic = new NicReceive(model ?? NicModel.Generic with { RxRing = 64 }, Frames.Device, channels, _ => Pool, Source, drops: this);
        Ethtool = new EthtoolSettings(Nic);
    }

    public ListSource Source { get; } = new();

    public SkbPool Pool { get; }

    public NicReceive Nic { get; }

    public EthtoolSettings Ethtool { get; }

    public List<(SkbDropReason Reason, KernelTime At)> Drops { get; } = [];

    public void OnDrop(SkbDropReason reason, in WireFrame frame, KernelTime at) => Drops.Add((reason, at));

    /// <summary>Sends all frames to queue 2.</summary>
    public NicFixture SteerToQueue2()
    {
        Assert.True(Ethtool.SetRxfh("equal 1 start 2", KernelTime.Zero, out _).Ok);
        return this;
    }

    /// <summary>So many frames a microsecond apart, from <paramref name="first"/> on.</summary>
    public NicFixture Burst(int frames, long first = 1000, int payload = 18)
    {
        for (var i = 0; i < frames; i++) Source.Add(Frames.Flow(i, payload).At(first + (i * 1000)));
        return this;
    }

    public int PollAll(int queue, KernelTime now)
    {
        var count = 0;
        for (; Nic.TryPoll(queue, now, out var skb); count++) skb.Free(SkbDropReason.CONSUMED);
        return count;
    }

    /// <summary>Every frame taken is in a ring, was polled, was dropped with a reason, or waits.</summary>
    public void CheckConservation()
    {
        var statistics = Nic.Statistics;
        Assert.Equal(statistics.Taken, statistics.RxPacketsNic + statistics.Dropped + Nic.FifoFrames + Nic.FramesInFlight);
        Assert.Equal(statistics.Dropped, Drops.Count);
        long inRings = 0, polled = 0;
        for (var i = 0; i < Nic.Channels; i++) (inRings, polled) = (inRings + Nic.Queue(i).Count, polled + Nic.Queue(i).Packets);
        if (Nic.Channels > 1) Assert.Equal(statistics.RxPacketsNic, inRings + polled + statistics.RxPurged);
        Assert.Equal(inRings, Pool.Outstanding);
    }
}
