using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>
/// Writes options in the order and with the padding of Linux (kernel: <c>tcp_options_write</c>), which fingerprints are read by.
/// </summary>
public static class TcpOptionsWriter
{
    /// <summary>Bytes that <paramref name="options"/> take, a multiple of 4.</summary>
    public static int Length(in TcpOptions options)
    {
        var bytes = options.Has(TcpOptionSet.Md5) ? 20 : 0;
        if (options.Has(TcpOptionSet.Mss)) bytes += 4;
        if (options.Has(TcpOptionSet.Timestamps)) bytes += 12;
        else if (options.Has(TcpOptionSet.SackPermitted)) bytes += 4;
        if (options.Has(TcpOptionSet.WindowScale)) bytes += 4;
        if (options.Has(TcpOptionSet.Sack) && options.SackCount > 0) bytes += 4 + 8 * options.SackCount;
        if (options.Has(TcpOptionSet.FastOpen)) bytes += FastOpenLength(options.FastOpen) + 3 & ~3;
        if (options.Has(TcpOptionSet.AccurateEcn)) bytes += AccurateEcnLength(options);
        return bytes;
    }

    /// <summary>
    /// What accurate ECN adds: whole words, less what the padding of the options behind it takes (kernel: <c>tcp_options_fit_accecn</c>).
    /// </summary>
    private static int AccurateEcnLength(in TcpOptions options)
    {
        var length = options.AccurateEcn.Length;
        return (length & 3) > Padding(options) ? (length + 3) & ~3 : length & ~3;
    }

    /// <summary>Bytes of padding that stand behind the place of accurate ECN.</summary>
    private static int Padding(in TcpOptions options)
    {
        if (options.Has(TcpOptionSet.SackPermitted) && !options.Has(TcpOptionSet.Timestamps)) return 2;
        if (options.Has(TcpOptionSet.WindowScale)) return 1;
        return options.Has(TcpOptionSet.Sack) && options.SackCount > 0 ? 2 : 0;
    }

    /// <summary>
    /// Writes <paramref name="options"/> and answers how many bytes they took, a multiple of 4; -1 when they do not fit the span or
    /// the header's 40 bytes. The MD5 signature is left zero, for it covers the finished segment.
    /// </summary>
    public static int Write(in TcpOptions options, Span<byte> destination)
    {
        var length = Length(options);
        if (length > TcpOptions.MaxBytes || length > destination.Length) return -1;
        var rest = destination[..length];
        rest.Fill(TcpOptionKinds.NoOperation);
        if (options.Has(TcpOptionSet.Md5))
        {
            (rest[2], rest[3]) = (TcpOptionKinds.Md5, 18);
            rest[4..20].Clear();
            rest = rest[20..];
        }

        if (options.Has(TcpOptionSet.Mss))
        {
            (rest[0], rest[1]) = (TcpOptionKinds.Mss, 4);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], options.Mss);
            rest = rest[4..];
        }

        rest = WriteTimestamps(options, rest);
        if (options.Has(TcpOptionSet.AccurateEcn))
        {
            options.AccurateEcn.Write(rest); // its last bytes may lie where padding would be
            rest = rest[(options.AccurateEcn.Length & ~3)..];
            if ((options.AccurateEcn.Length & 3) > Padding(options)) rest = rest[4..];
        }

        if (options.Has(TcpOptionSet.SackPermitted) && !options.Has(TcpOptionSet.Timestamps))
        {
            (rest[2], rest[3]) = (TcpOptionKinds.SackPermitted, 2);
            rest = rest[4..];
        }

        if (options.Has(TcpOptionSet.WindowScale))
        {
            (rest[1], rest[2], rest[3]) = (TcpOptionKinds.WindowScale, 3, options.WindowScale);
            rest = rest[4..];
        }

        if (options.Has(TcpOptionSet.Sack) && options.SackCount > 0) rest = WriteSacks(options, rest);
        if (options.Has(TcpOptionSet.FastOpen)) WriteFastOpen(options.FastOpen, rest);
        return length;
    }

    /// <summary>With time stamps, "SACK permitted" takes the place of their padding.</summary>
    private static Span<byte> WriteTimestamps(scoped in TcpOptions options, Span<byte> rest)
    {
        if (!options.Has(TcpOptionSet.Timestamps)) return rest;
        if (options.Has(TcpOptionSet.SackPermitted)) (rest[0], rest[1]) = (TcpOptionKinds.SackPermitted, 2);
        (rest[2], rest[3]) = (TcpOptionKinds.Timestamps, 10);
        BinaryPrimitives.WriteUInt32BigEndian(rest[4..], options.TimestampValue);
        BinaryPrimitives.WriteUInt32BigEndian(rest[8..], options.TimestampEcho);
        return rest[12..];
    }

    private static Span<byte> WriteSacks(scoped in TcpOptions options, Span<byte> rest)
    {
        (rest[2], rest[3]) = (TcpOptionKinds.Sack, (byte)(2 + 8 * options.SackCount));
        rest = rest[4..];
        for (var i = 0; i < options.SackCount; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(rest, options.Sacks[i].Start);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], options.Sacks[i].End);
            rest = rest[8..];
        }

        return rest;
    }

    private static void WriteFastOpen(FastOpenCookie cookie, Span<byte> rest)
    {
        rest[1] = (byte)FastOpenLength(cookie);
        if (cookie.Experimental)
        {
            rest[0] = TcpOptionKinds.Experimental;
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], TcpOptionKinds.FastOpenExperiment);
            cookie.Write(rest[4..]);
        }
        else
        {
            rest[0] = TcpOptionKinds.FastOpen;
            cookie.Write(rest[2..]);
        }
    }

    private static int FastOpenLength(FastOpenCookie cookie) => (cookie.Experimental ? 4 : 2) + Math.Max((int)cookie.Length, 0);
}
