using NetActors.Buffers;

namespace NetActors.Tcp;

/// <summary>A segment's data: the rest of a packet behind its header, and the packets that receive offload chained to it.</summary>
public readonly ref struct TcpPayload
{
    private readonly ReadOnlySpan<byte> _first;
    private readonly SkBuff? _chain;

    private TcpPayload(ReadOnlySpan<byte> first, SkBuff? chain, int length)
    {
        _first = first;
        _chain = chain;
        Length = length;
    }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <summary>One byte.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public byte this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length);
            if (index < _first.Length) return _first[index];
            index -= _first.Length;
            var skb = _chain!;
            for (; index >= skb.HeadLength; skb = skb.Next!) index -= skb.HeadLength;
            return skb.Data[index];
        }
    }

    /// <summary>Data in one piece.</summary>
    public static implicit operator TcpPayload(ReadOnlySpan<byte> bytes) => new(bytes, null, bytes.Length);

    /// <summary>Data in one piece.</summary>
    public static implicit operator TcpPayload(Span<byte> bytes) => new(bytes, null, bytes.Length);

    /// <summary>Data in one piece.</summary>
    public static implicit operator TcpPayload(byte[] bytes) => new(bytes, null, bytes.Length);

    /// <summary>The data of a packet, of which <paramref name="first"/> is the linear part behind the header.</summary>
    internal static TcpPayload Of(ReadOnlySpan<byte> first, SkBuff skb) =>
        new(first, skb.Shared.FragList, first.Length + skb.Shared.FragListLength);

    /// <summary>Writes the bytes from <paramref name="from"/> on into a store, where they begin at <paramref name="seq"/>.</summary>
    internal void WriteTo(TcpByteStore store, uint seq, int from)
    {
        if (from < _first.Length) store.Write(seq, _first[from..]);
        seq += (uint)Math.Max(0, _first.Length - from);
        var skip = Math.Max(0, from - _first.Length);
        for (var skb = _chain; skb is not null; skb = skb.Next)
        {
            ReadOnlySpan<byte> bytes = skb.Data;
            if (skip < bytes.Length)
            {
                store.Write(seq, bytes[skip..]);
                seq += (uint)(bytes.Length - skip);
            }

            skip = Math.Max(0, skip - bytes.Length);
        }
    }
}
