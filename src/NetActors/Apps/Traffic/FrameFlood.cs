using NetActors.Links;
using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>
/// An open-loop traffic source: frames of many flows at times that no receiver can change, pulled by the device they reach. Frames are
/// places in <see cref="FrameTemplates"/>, so that one costs a few nanoseconds and no memory. The same parts give the same frames.
/// </summary>
public sealed class FrameFlood : ITrafficSource
{
    private readonly ArrivalProcess _arrivals;
    private readonly FlowDistribution _flows;
    private readonly FrameSizeMix _sizes;
    private readonly FrameTemplates _templates;
    private readonly long _linkBitsPerSecond;
    private readonly (long Whole, long Part)[] _serialisation; // of each size: nanoseconds and their 1/rate parts
    private KernelTime _lineFree = KernelTime.Zero;
    private long _part; // how far past _lineFree the link is busy, in 1/rate nanoseconds
    private KernelTime _arrival;
    private int _flow;
    private int _size;

    /// <summary>A flood of its parts.</summary>
    /// <param name="arrivals">When frames are offered.</param>
    /// <param name="flows">Which flow each belongs to; as many flows as the templates have, or fewer.</param>
    /// <param name="sizes">How long each is; the sizes that the templates were built for.</param>
    /// <param name="templates">The frames.</param>
    /// <param name="linkBitsPerSecond">
    /// Rate of the link that the frames are sent over: frames follow each other no closer, and arrive with their last bit. 0: a frame
    /// arrives when it is offered.
    /// </param>
    public FrameFlood(
        ArrivalProcess arrivals, FlowDistribution flows, FrameSizeMix sizes, FrameTemplates templates, long linkBitsPerSecond = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(linkBitsPerSecond);
        (_arrivals, _flows, _sizes, _templates, _linkBitsPerSecond) = (arrivals, flows, sizes, templates, linkBitsPerSecond);
        _serialisation = new (long, long)[sizes.Sizes.Length];
        for (var i = 0; i < _serialisation.Length && linkBitsPerSecond > 0; i++)
        {
            var frame = new WireFrame([], 0, sizes.Sizes[i], KernelTime.Zero);
            _serialisation[i] = Math.DivRem(frame.BytesOnWire * 8_000_000_000L, linkBitsPerSecond);
        }

        Prepare();
    }

    /// <summary>Frames after which the flood ends.</summary>
    public long FrameLimit { get; init; } = long.MaxValue;

    /// <summary>No frame that is offered from here on is sent.</summary>
    public KernelTime End { get; init; } = KernelTime.Never;

    /// <summary>Number of the first frame in its simulation; the others count on from it.</summary>
    public long FirstId { get; init; }

    /// <inheritdoc />
    public long Sent { get; private set; }

    /// <inheritdoc />
    public long SentBytes { get; private set; }

    /// <summary>The flow that the next frame belongs to.</summary>
    public int NextFlow => _flow;

    /// <inheritdoc />
    public KernelTime NextArrival => Sent >= FrameLimit || _arrivals.Next >= End ? KernelTime.Never : _arrival;

    /// <inheritdoc />
    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        var arrival = NextArrival;
        if (arrival > until || arrival.IsNever)
        {
            frame = default;
            return false;
        }

        var length = _templates.Length(_size);
        frame = new WireFrame(_templates.Buffer(_size), _templates.Offset(_flow, _size), length, arrival, Id: FirstId + Sent);
        Sent++;
        SentBytes += length;
        _arrivals.Advance();
        Prepare();
        return true;
    }

    private void Prepare()
    {
        (_flow, _size) = (_flows.Next(), _sizes.Next());
        _arrival = _linkBitsPerSecond == 0 ? _arrivals.Next : Serialise();
    }

    private KernelTime Serialise()
    {
        if (_arrivals.Next > _lineFree) (_lineFree, _part) = (_arrivals.Next, 0);
        var (whole, part) = _serialisation[_size];
        _part += part;
        if (_part >= _linkBitsPerSecond)
        {
            _part -= _linkBitsPerSecond;
            whole++;
        }

        return _lineFree += new KernelTime(whole);
    }
}
