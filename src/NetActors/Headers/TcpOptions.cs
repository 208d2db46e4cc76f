using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>
/// What the options of a segment say, as numbers (kernel: <c>struct tcp_options_received</c>). Whether they may be used is decided by
/// what was negotiated and by sysctls: the connection's business.
/// </summary>
public struct TcpOptions
{
    /// <summary>Bytes of options that a header has room for (<c>MAX_TCP_OPTION_SPACE</c>).</summary>
    public const int MaxBytes = 40;

    /// <summary>The largest shift that is used (<c>TCP_MAX_WSCALE</c>).</summary>
    public const byte MaxWindowScale = 14;

    /// <summary>Which of the other fields count.</summary>
    public TcpOptionSet Present;

    /// <summary>Largest segment the sender takes, in bytes of payload; never 0 when present.</summary>
    public ushort Mss;

    /// <summary>Shift of the sender's windows, at most <see cref="MaxWindowScale"/> (RFC 7323 section 2.3).</summary>
    public byte WindowScale;

    /// <summary>The sender's clock (kernel: <c>rcv_tsval</c>).</summary>
    public uint TimestampValue;

    /// <summary>Our clock, sent back (kernel: <c>rcv_tsecr</c>).</summary>
    public uint TimestampEcho;

    /// <summary>Entries of <see cref="Sacks"/> in use.</summary>
    public byte SackCount;

    /// <summary>The selective acknowledgements, as ordered by the sender.</summary>
    public SackBlocks Sacks;

    /// <summary>The Fast Open cookie, or the request for one.</summary>
    public FastOpenCookie FastOpen;

    /// <summary>The counters of accurate ECN.</summary>
    public AccurateEcnOption AccurateEcn;

    /// <summary>Where the 16 bytes of the MD5 signature begin, in bytes from the first option byte.</summary>
    public byte Md5Offset;

    /// <summary>True when all of <paramref name="options"/> are present.</summary>
    public readonly bool Has(TcpOptionSet options) => (Present & options) == options;

    /// <summary>
    /// Reads option bytes as <c>tcp_parse_options</c> does: unknown kinds and wrong lengths are passed over, a length below 2 or beyond
    /// the header ends the walk, the last of a kind counts.
    /// </summary>
    /// <param name="bytes">The bytes behind the first 20 of the header.</param>
    /// <param name="syn">The segment has SYN: options of the handshake count only there.</param>
    public static TcpOptions Parse(ReadOnlySpan<byte> bytes, bool syn)
    {
        var options = default(TcpOptions);
        var at = 0;
        while (at < bytes.Length && bytes[at] != TcpOptionKinds.End)
        {
            if (bytes[at] == TcpOptionKinds.NoOperation)
            {
                at++;
                continue;
            }

            var left = bytes.Length - at;
            if (left < 2 || bytes[at + 1] < 2 || bytes[at + 1] > left)
            {
                options.Present |= TcpOptionSet.Malformed;
                break;
            }

            options.Read(bytes[at], bytes.Slice(at + 2, bytes[at + 1] - 2), syn, at + 2);
            at += bytes[at + 1];
        }

        return options;
    }

    private void Read(byte kind, ReadOnlySpan<byte> data, bool syn, int offset)
    {
        switch (kind)
        {
            case TcpOptionKinds.Mss when syn && data.Length == 2 && BinaryPrimitives.ReadUInt16BigEndian(data) > 0:
                Mss = BinaryPrimitives.ReadUInt16BigEndian(data);
                Present |= TcpOptionSet.Mss;
                break;
            case TcpOptionKinds.WindowScale when syn && data.Length == 1:
                WindowScale = Math.Min(data[0], MaxWindowScale);
                Present |= TcpOptionSet.WindowScale;
                break;
            case TcpOptionKinds.SackPermitted when syn && data.Length == 0:
                Present |= TcpOptionSet.SackPermitted;
                break;
            case TcpOptionKinds.Timestamps when data.Length == 8:
                TimestampValue = BinaryPrimitives.ReadUInt32BigEndian(data);
                TimestampEcho = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
                Present |= TcpOptionSet.Timestamps;
                break;
            case TcpOptionKinds.Sack when data.Length >= 8 && data.Length % 8 == 0:
                ReadSacks(data);
                break;
            case TcpOptionKinds.AccurateEcn0 or TcpOptionKinds.AccurateEcn1:
                AccurateEcn = AccurateEcnOption.Read(data, kind == TcpOptionKinds.AccurateEcn1);
                Present |= TcpOptionSet.AccurateEcn;
                break;
            case TcpOptionKinds.Md5 when data.Length == 16:
                Md5Offset = (byte)offset;
                Present |= TcpOptionSet.Md5;
                break;
            case TcpOptionKinds.FastOpen when syn && data.Length % 2 == 0:
                FastOpen = FastOpenCookie.Read(data, experimental: false);
                Present |= TcpOptionSet.FastOpen;
                break;
            case TcpOptionKinds.Experimental when syn && data.Length % 2 == 0 && IsFastOpen(data):
                FastOpen = FastOpenCookie.Read(data[2..], experimental: true);
                Present |= TcpOptionSet.FastOpen;
                break;
        }
    }

    private static bool IsFastOpen(ReadOnlySpan<byte> data) =>
        data.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(data) == TcpOptionKinds.FastOpenExperiment;

    private void ReadSacks(ReadOnlySpan<byte> data)
    {
        SackCount = 0;
        while (data.Length >= 8 && SackCount < SackBlocks.Count)
        {
            Sacks[SackCount++] = new SackBlock(BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
            data = data[8..];
        }

        Present |= TcpOptionSet.Sack;
    }
}
