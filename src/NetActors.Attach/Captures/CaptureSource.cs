using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Attach;

/// <summary>
/// A capture as traffic of a scenario. Frames are copied into packets of a pool of its own, which whoever ends the frame frees, since a
/// card looks far ahead and each frame must stay as it is until then.
/// </summary>
public sealed class CaptureSource : ITrafficSource, IDisposable
{
    private const int UsualBytes = 2048;
    private const int LargestBytes = CaptureTimeline.MaxPaddedLength + EthernetFraming.HeaderSize;
    private const int MostFrames = 65_536; // under way at once; a card looks 4096 ahead and holds some hundreds on its chip

    private readonly CaptureReader _reader;
    private readonly CaptureTimeline _timeline;
    private readonly SkbPool _usual = new(UsualBytes, MostFrames, shared: true);
    private readonly SkbPool _large = new(LargestBytes, MostFrames, shared: true); // merged segments that the capturing card handed up

    /// <summary>A source over <paramref name="reader"/>, which it disposes of.</summary>
    public CaptureSource(CaptureReader reader, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (_reader, _timeline) = (reader, new CaptureTimeline(reader, options));
    }

    /// <summary>No frame that arrives from here on is sent.</summary>
    public KernelTime End { get; init; } = KernelTime.Never;

    /// <summary>Number of the file's first frame in its simulation; the others count on from it.</summary>
    public long FirstId { get; init; } = 1;

    /// <inheritdoc />
    public long Sent { get; private set; }

    /// <inheritdoc />
    public long SentBytes { get; private set; }

    /// <summary>Packets of the file read so far, those not sent included.</summary>
    public long Records => _reader.RecordCount;

    /// <summary>Packets of which only a part was captured.</summary>
    public long TruncatedRecords => _timeline.TruncatedRecords;

    /// <summary>Packets whose time lay before the latest one so far.</summary>
    public long BackwardRecords => _timeline.BackwardRecords;

    /// <summary>Packets left out since they cannot be put on Ethernet.</summary>
    public long UnconvertibleRecords => _timeline.UnconvertibleRecords;

    /// <summary>Why the capture ended early.</summary>
    public CaptureFault Fault => _timeline.Fault;

    /// <summary>Frames given that nobody has ended yet.</summary>
    public long Outstanding => _usual.Outstanding + _large.Outstanding;

    /// <inheritdoc />
    public KernelTime NextArrival => _timeline.NextArrival is var next && next < End ? next : KernelTime.Never;

    /// <inheritdoc />
    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        frame = default;
        if (NextArrival.IsNever || !_timeline.TryTake(until, out var captured)) return false;
        frame = Copy(captured);
        Sent++;
        SentBytes += captured.Length;
        return true;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _reader.Dispose();

    private WireFrame Copy(in CapturedFrame captured)
    {
        var (length, arrival, id) = (captured.Length, captured.Arrival, FirstId + captured.Id);
        if (Rent(length) is not { } owner)
            return new WireFrame(captured.Bytes.ToArray(), 0, length, arrival, Id: id);
        captured.Bytes.CopyTo(owner.Put(length));
        return new WireFrame(owner.Shared.Head, owner.DataOffset, length, arrival, owner, Id: id);
    }

    private SkBuff? Rent(int length) => length <= UsualBytes ? _usual.Rent() : length <= LargestBytes ? _large.Rent() : null;
}
