using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Script.Syntax;

namespace NetActors.Script.Wire;

/// <summary>TCP options to bytes and back, in the order and with the padding that they were written with.</summary>
internal static class TcpOptionCodec
{
    /// <summary>The bytes of the options.</summary>
    public static byte[] Write(IReadOnlyList<TcpOptionSpec> options)
    {
        var bytes = new byte[options.Sum(static option => option.Size)];
        var rest = bytes.AsSpan();
        foreach (var option in options)
        {
            Write(option, rest);
            rest = rest[option.Size..];
        }

        return bytes;
    }

    /// <summary>Reads the options of a header. False at a length that cannot be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IReadOnlyList<TcpOptionSpec> options)
    {
        var list = new List<TcpOptionSpec>();
        options = list;
        while (!bytes.IsEmpty)
        {
            if (bytes[0] is TcpOptionKinds.End or TcpOptionKinds.NoOperation)
            {
                list.Add(bytes[0] == TcpOptionKinds.End ? new EndOption() : new NopOption());
                bytes = bytes[1..];
                continue;
            }

            if (bytes.Length < 2 || bytes[1] < 2 || bytes[1] > bytes.Length) return false;
            list.Add(Read(bytes[0], bytes[2..bytes[1]]));
            bytes = bytes[bytes[1]..];
        }

        return true;
    }

    private static TcpOptionSpec Read(byte kind, ReadOnlySpan<byte> data) => (kind, data.Length) switch
    {
        (TcpOptionKinds.Mss, 2) => new MssOption(BinaryPrimitives.ReadUInt16BigEndian(data)),
        (TcpOptionKinds.WindowScale, 1) => new WindowScaleOption(data[0]),
        (TcpOptionKinds.SackPermitted, 0) => new SackPermittedOption(),
        (TcpOptionKinds.Sack, 8 or 16 or 24 or 32) => ReadSack(data),
        (TcpOptionKinds.Timestamps, 8) =>
            new TimestampOption(BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..])),
        (TcpOptionKinds.FastOpen, _) => new FastOpenOption(data.ToArray(), false),
        (TcpOptionKinds.Experimental, >= 2) when BinaryPrimitives.ReadUInt16BigEndian(data) == TcpOptionKinds.FastOpenExperiment =>
            new FastOpenOption(data[2..].ToArray(), true),
        _ => new RawOption(kind, data.ToArray()),
    };

    private static SackOption ReadSack(ReadOnlySpan<byte> data)
    {
        var blocks = new List<(uint, uint)>();
        for (; !data.IsEmpty; data = data[8..])
            blocks.Add((BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..])));
        return new SackOption(blocks);
    }

    private static void Write(TcpOptionSpec option, Span<byte> bytes)
    {
        bytes[0] = option.Kind;
        if (option.Size == 1) return;
        bytes[1] = (byte)option.Size;
        var data = bytes[2..option.Size];
        switch (option)
        {
            case MssOption mss: BinaryPrimitives.WriteUInt16BigEndian(data, mss.Bytes); break;
            case WindowScaleOption scale: data[0] = scale.Shift; break;
            case TimestampOption timestamp:
                BinaryPrimitives.WriteUInt32BigEndian(data, timestamp.Value);
                BinaryPrimitives.WriteUInt32BigEndian(data[4..], timestamp.Echo);
                break;
            case SackOption sack: WriteSack(sack, data); break;
            case FastOpenOption { IsExperimental: true } cookie:
                BinaryPrimitives.WriteUInt16BigEndian(data, TcpOptionKinds.FastOpenExperiment);
                cookie.Cookie.ToArray().CopyTo(data[2..]);
                break;
            case FastOpenOption cookie: cookie.Cookie.ToArray().CopyTo(data); break;
            case RawOption raw: raw.Data.ToArray().CopyTo(data); break;
        }
    }

    private static void WriteSack(SackOption sack, Span<byte> data)
    {
        foreach (var (left, right) in sack.Blocks)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, left);
            BinaryPrimitives.WriteUInt32BigEndian(data[4..], right);
            data = data[8..];
        }
    }
}
