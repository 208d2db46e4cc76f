using NetActors.Time;

namespace NetActors.Attach;

/// <summary>
/// A capture as a source of frames that is pulled: it says when the next frame arrives and gives it once that time has come. Holds two
/// frames, however long the file is: the one given last and the next.
/// </summary>
public sealed class CaptureTimeline
{
    /// <summary>Most bytes that a truncated packet is padded to, its Ethernet header included.</summary>
    public const int MaxPaddedLength = 65_535;

    private readonly CaptureReader _reader;
    private readonly ReplayOptions _options;
    private readonly ReplayClock _clock;
    private byte[] _given = [];
    private byte[] _waiting = new byte[2048];
    private CapturedFrame _next;
    private bool _looked;

    /// <summary>A timeline over <paramref name="reader"/>, which nobody else reads and the caller disposes of.</summary>
    public CaptureTimeline(CaptureReader reader, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (_reader, _options) = (reader, options ?? ReplayOptions.Default);
        _clock = new ReplayClock(_options);
    }

    /// <summary>When the next frame has arrived; <see cref="KernelTime.Never"/> at the end of the capture and from a fault on.</summary>
    public KernelTime NextArrival
    {
        get
        {
            Look();
            return _next.Arrival;
        }
    }

    /// <summary>Why the capture ended early.</summary>
    public CaptureFault Fault => _reader.Fault;

    /// <summary>Frames given so far.</summary>
    public long Replayed { get; private set; }

    /// <summary>Packets whose time lay before the latest one so far: they arrive with that one. Captures of several
    /// interfaces have them, since each interface is flushed by itself; <c>reordercap</c> sorts such a file.</summary>
    public long BackwardRecords => _clock.BackwardRecords;

    /// <summary>Packets of which only a part was captured, padded or left out as the options say.</summary>
    public long TruncatedRecords { get; private set; }

    /// <summary>Packets left out since they cannot be put on Ethernet.</summary>
    public long UnconvertibleRecords { get; private set; }

    /// <summary>Gives the next frame if it has arrived by <paramref name="until"/>; valid until the next call. Otherwise false.</summary>
    public bool TryTake(KernelTime until, out CapturedFrame frame)
    {
        Look();
        frame = _next;
        if (_next.Arrival.IsNever || _next.Arrival > until)
        {
            frame = default;
            return false;
        }

        (_given, _waiting) = (_waiting, _given);
        (_looked, Replayed) = (false, Replayed + 1);
        return true;
    }

    private void Look()
    {
        if (_looked) return;
        _looked = true;
        while (_reader.TryRead(out var record))
        {
            if (_options.InterfaceIndex is { } only && only != record.InterfaceIndex) continue;
            if (TryFrame(record)) return;
        }

        _next = default(CapturedFrame) with { Arrival = KernelTime.Never };
    }

    private bool TryFrame(in CaptureRecord record)
    {
        var captured = _reader.Interfaces[record.InterfaceIndex];
        var original = Math.Max(record.OriginalLength, record.Data.Length);
        var wanted = Math.Max(0, original - captured.FcsBytes); // without the check sequence, which the wire adds
        var data = record.Data.Span[..Math.Min(record.Data.Length, wanted)];
        if (record.IsTruncated) TruncatedRecords++;
        if (record.IsTruncated && _options.Truncated == TruncatedPackets.Skip) return false;

        Span<byte> header = stackalloc byte[EthernetFraming.HeaderSize];
        if (!_options.Framing.TryFrame(captured.LinkType, data, header, out var headerLength, out var skip))
        {
            UnconvertibleRecords++;
            return false;
        }

        var present = headerLength + data.Length - skip;
        var length = Math.Max(present, (int)Math.Min(MaxPaddedLength, (long)headerLength + wanted - skip));
        if (_waiting.Length < length) _waiting = new byte[Math.Max(2048, length)];
        header[..headerLength].CopyTo(_waiting);
        data[skip..].CopyTo(_waiting.AsSpan(headerLength));
        _waiting.AsSpan(present, length - present).Clear();

        var arrival = _clock.Arrival(record.Time, length);
        _next = new CapturedFrame(_waiting, 0, length, arrival, _reader.RecordCount - 1, record.InterfaceIndex, length > present);
        return true;
    }
}
