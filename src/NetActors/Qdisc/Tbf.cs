using System.Globalization;
using System.Text;
using NetActors.Buffers;
using NetActors.Gso;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>A rate with a burst, kept by a bucket of tokens in nanoseconds (kernel: net/sched/sch_tbf.c).</summary>
public sealed class Tbf : QdiscOverFifo
{
    private TbfSettings? _settings;
    private PschedRate _rate, _peak;
    private long _buffer, _mtu; // nanoseconds
    private long _tokens, _peakTokens, _checkpoint;
    private int _maxSize;

    /// <summary>Not usable before it is configured: a rate is needed.</summary>
    public Tbf(QdiscContext context)
        : base(context)
    {
    }

    /// <inheritdoc />
    public override string Kind => "tbf";

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var length = skb.Cb.PacketLength;
        if (length > _maxSize)
        {
            var fits = GsoSegmenter.CanSegment(skb) && GsoSegmenter.HeaderLength(skb) + skb.Shared.GsoSize <= _maxSize;
            return fits ? EnqueueInFrames(skb, length, now) : Drop(skb);
        }

        var result = Child.Enqueue(skb, now);
        if (result == NetXmit.Success)
        {
            Stats.Backlog += length;
            Stats.Qlen++;
        }
        else if (result.CountsAsDrop())
        {
            Stats.Drops++;
        }

        return result;
    }

    /// <summary>A large packet above the burst goes in frames; those above count one packet of its length (kernel: <c>tbf_segment</c>).</summary>
    private NetXmit EnqueueInFrames(SkBuff large, int length, KernelTime now)
    {
        var (packets, bytes) = (0, 0);
        for (var next = Context.Sink.Segment(large); next is not null;)
        {
            var segment = next;
            next = segment.Next;
            segment.Next = null;
            var segmentLength = segment.Cb.PacketLength;
            var result = Child.Enqueue(segment, now);
            if (result == NetXmit.Success) (packets, bytes) = (packets + 1, bytes + segmentLength);
            else if (result.CountsAsDrop()) Stats.Drops++;
        }

        Stats.Qlen += packets;
        Stats.Backlog += bytes;
        if (packets == 0) return NetXmit.Drop;
        TreeReduceBacklog(1 - packets, length - bytes);
        return NetXmit.Success;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        if (Child.Peek(now) is not { } next) return null;
        var length = next.Cb.PacketLength;
        var filled = Math.Min(now.Nanoseconds - _checkpoint, _buffer);
        var peakTokens = 0L;
        if (_settings!.PeakRate > 0) peakTokens = Math.Min(filled + _peakTokens, _mtu) - _peak.Nanoseconds(length);
        var tokens = Math.Min(filled + _tokens, _buffer) - _rate.Nanoseconds(length);
        if (tokens >= 0 && peakTokens >= 0)
        {
            if (Child.Dequeue(now) is not { } skb) return null;
            (_checkpoint, _tokens, _peakTokens) = (now.Nanoseconds, tokens, peakTokens);
            CountOut(skb);
            return skb;
        }

        Context.Schedule(new KernelTime(now.Nanoseconds + Math.Max(-tokens, -peakTokens)));
        Stats.Overlimits++;
        return null;
    }

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        Child.Reset(reason);
        (_tokens, _peakTokens) = (_buffer, _mtu);
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        var settings = TbfSettings.Read(words, Context.LinkSpeed);
        if (settings is null) return;
        _settings = settings;
        _rate = new PschedRate(settings.Rate, settings.Overhead);
        _buffer = _rate.Nanoseconds(settings.Burst);
        _maxSize = settings.Burst;
        if (settings.PeakRate > 0)
        {
            _peak = new PschedRate(settings.PeakRate, settings.Overhead);
            _mtu = _peak.Nanoseconds(settings.Mtu);
            _maxSize = Math.Min(_maxSize, settings.Mtu);
        }

        (_tokens, _peakTokens, _checkpoint) = (_buffer, _mtu, now.Nanoseconds);
        Limit = settings.Limit;
        if (Child is Fifo fifo) fifo.SetLimit(settings.Limit);
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        var s = _settings!;
        var ticks = (uint)(_buffer / PschedTicks.Nanoseconds);
        text.Append(CultureInfo.InvariantCulture, $"rate {TcText.Rate(s.Rate)} burst {TcText.Size(PschedTicks.Bytes(s.Rate, ticks))} ");
        var latency = (1_000_000 * (s.Limit / (double)s.Rate)) - PschedTicks.Microseconds(ticks);
        if (s.PeakRate > 0)
        {
            var mtuTicks = (uint)(_mtu / PschedTicks.Nanoseconds);
            text.Append(CultureInfo.InvariantCulture, $"peakrate {TcText.Rate(s.PeakRate)} minburst {TcText.Size(PschedTicks.Bytes(s.PeakRate, mtuTicks))} ");
            latency = Math.Max(latency, (1_000_000 * (s.Limit / (double)s.PeakRate)) - PschedTicks.Microseconds(mtuTicks));
        }

        if (latency < 0) text.Append(CultureInfo.InvariantCulture, $"limit {TcText.Size(s.Limit)} ");
        else text.Append(CultureInfo.InvariantCulture, $"lat {TcText.Time(latency)} ");
        if (s.Overhead != 0) text.Append(CultureInfo.InvariantCulture, $"overhead {s.Overhead} ");
    }
}

/// <summary>The options of <see cref="Tbf"/>. Rates in bytes a second, sizes in bytes.</summary>
internal sealed record TbfSettings(long Rate, int Burst, int Limit, long PeakRate, int Mtu, int Overhead)
{
    /// <summary>Reads them. Null when something is wrong or missing, which the words then say.</summary>
    public static TbfSettings? Read(TcWords words, long linkSpeed)
    {
        var (rate, peak, latency) = (0L, 0L, -1L);
        var (burst, limit, mtu, overhead) = (0, -1, 0, 0);
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "rate": rate = words.Rate(option, linkSpeed); break;
                case "peakrate": peak = words.Rate(option, linkSpeed); break;
                case "burst" or "buffer" or "maxburst": burst = words.Size(option); break;
                case "mtu" or "minburst": mtu = words.Size(option); break;
                case "limit": limit = words.Size(option); break;
                case "latency": latency = words.Nanoseconds(option); break;
                case "overhead": overhead = (int)words.Whole(option, 0, 65535); break;
                default: words.Unknown(option); break;
            }
        }

        if (rate <= 0) words.Fail("\"rate\" is required");
        if (burst <= 0) words.Fail("\"burst\" is required");
        if (peak > 0 && mtu <= 0) words.Fail("\"mtu\" is required, if \"peakrate\" is requested");
        if (peak > 0 && peak <= rate) words.Fail("\"peakrate\" has to be above \"rate\"");
        if (limit < 0 && latency < 0) words.Fail("either \"limit\" or \"latency\" is required");
        if (limit >= 0 && latency >= 0) words.Fail("only one of \"limit\" and \"latency\" can be given");
        if (words.Fault is not null) return null;
        if (limit >= 0) return new TbfSettings(rate, burst, limit, peak, mtu, overhead);
        var bytes = (rate * (latency / 1e9)) + burst;
        if (peak > 0) bytes = Math.Min(bytes, (peak * (latency / 1e9)) + mtu);
        return new TbfSettings(rate, burst, (int)Math.Min(bytes, int.MaxValue), peak, mtu, overhead);
    }
}
