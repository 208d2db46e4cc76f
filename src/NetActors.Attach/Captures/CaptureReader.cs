namespace NetActors.Attach;

/// <summary>
/// Reads a capture file packet by packet: classic or block format, either byte order, known by its first bytes. Memory is bounded by
/// <see cref="CaptureLimits"/>, whatever the file says. A damaged file is no exception: the packets before the damage are given, then
/// <see cref="TryRead"/> is false and <see cref="Fault"/> says what and where.
/// </summary>
public sealed class CaptureReader : IDisposable
{
    private static readonly List<CaptureInterface> NoInterfaces = [];

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly CaptureInput _input;
    private readonly CaptureLimits _limits;
    private CaptureParser? _parser;
    private CaptureFault _fault;
    private bool _ended;

    /// <summary>A reader over <paramref name="stream"/>, from where it stands; nothing is read yet.</summary>
    /// <param name="stream">The file, or a pipe: it is only read forwards.</param>
    /// <param name="limits">Bounds of memory; the defaults when null.</param>
    /// <param name="leaveOpen">True when the caller closes the stream.</param>
    public CaptureReader(Stream stream, CaptureLimits? limits = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _leaveOpen, _limits) = (stream, leaveOpen, limits ?? CaptureLimits.Default);
        _input = new CaptureInput(stream);
    }

    /// <summary>A reader over a file. One that cannot be opened gives no packet and a fault that says why.</summary>
    public static CaptureReader Open(string path, CaptureLimits? limits = null)
    {
        try
        {
            return new CaptureReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0), limits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new CaptureReader(Stream.Null, limits) { _ended = true, _fault = new(CaptureFaultKind.InputOutput, 0, e.Message) };
        }
    }

    /// <summary>The file's format; unknown until the first <see cref="TryRead"/>.</summary>
    public CaptureFormat Format => _parser switch
    {
        PcapParser => CaptureFormat.Pcap,
        PcapngParser => CaptureFormat.Pcapng,
        _ => CaptureFormat.Unknown,
    };

    /// <summary>The interfaces described so far; a block file may add some at any time.</summary>
    public IReadOnlyList<CaptureInterface> Interfaces => _parser?.Interfaces ?? NoInterfaces;

    /// <summary>Packets given so far.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Bytes of the file taken so far.</summary>
    public long FileOffset => _input.Offset;

    /// <summary>What ended the reading early; no fault while it goes on and at a proper end.</summary>
    public CaptureFault Fault => _fault;

    /// <summary>Gives the next packet, which is valid until the next call. False at the end of the file and from a fault on.</summary>
    public bool TryRead(out CaptureRecord record)
    {
        record = default;
        if (_ended || (_parser is null && !TryChooseParser())) return false;
        if (_parser!.TryRead(out record))
        {
            RecordCount++;
            return true;
        }

        (_ended, _fault) = (true, _parser.Fault);
        return false;
    }

    /// <summary>Closes the stream, unless the caller wants to.</summary>
    public void Dispose()
    {
        _ended = true;
        if (!_leaveOpen) _stream.Dispose();
    }

    private bool TryChooseParser()
    {
        var magic = _input.Peek(4);
        _parser = magic.Length < 4 ? null
            : PcapParser.IsMagic(magic) ? new PcapParser(_input, _limits)
            : new ByteOrder(false).U32(magic) == PcapngBlockType.SectionHeader ? new PcapngParser(_input, _limits)
            : null;
        if (_parser is not null) return true;

        _ended = true;
        _fault = _input.Failure is { } failure ? new(CaptureFaultKind.InputOutput, 0, $"reading failed: {failure}")
            : magic.IsEmpty ? new(CaptureFaultKind.EmptyFile, 0, "the file is empty")
            : magic.Length < 4 ? new(CaptureFaultKind.Truncated, 0, $"the file ends after {magic.Length} of the 4 bytes of its magic number")
            : new(CaptureFaultKind.BadMagic, 0, DescribeMagic(magic));
        return false;
    }

    private static string DescribeMagic(ReadOnlySpan<byte> magic) =>
        $"the file begins with {Convert.ToHexString(magic)}, neither pcap nor pcapng" + magic switch
        {
            [0x1F, 0x8B, ..] => "; it is compressed with gzip: decompress it first",
            [0x28, 0xB5, 0x2F, 0xFD] => "; it is compressed with zstd: decompress it first",
            [0xA1, 0xB2, 0xCD, 0x34] or [0x34, 0xCD, 0xB2, 0xA1] => "; it is a modified pcap: convert it with editcap -F pcap",
            _ => "",
        };
}
