using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>An Ethernet II header seen over the bytes of a frame; copies and owns nothing (kernel: <c>struct ethhdr</c>).</summary>
public readonly ref struct EthernetHeader
{
    /// <summary>Size of the header in bytes (<c>ETH_HLEN</c>).</summary>
    public const int Size = 14;

    /// <summary>Bytes of the shortest frame without its check sequence (<c>ETH_ZLEN</c>).</summary>
    public const int MinFrameSize = 60;

    private readonly Span<byte> _bytes;

    private EthernetHeader(Span<byte> bytes) => _bytes = bytes;

    /// <summary>Whom the frame is for.</summary>
    public MacAddress Destination
    {
        get => MacAddress.Read(_bytes);
        set => value.Write(_bytes);
    }

    /// <summary>Who sent the frame.</summary>
    public MacAddress Source
    {
        get => MacAddress.Read(_bytes[6..]);
        set => value.Write(_bytes[6..]);
    }

    /// <summary>What follows (<see cref="EtherTypes"/>), or a length when below <see cref="EtherTypes.Minimum"/>.</summary>
    public ushort EtherType
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[12..], value);
    }

    /// <summary>All bytes behind the header, padding included.</summary>
    public Span<byte> Payload => _bytes[Size..];

    /// <summary>Lays the view over <paramref name="frame"/>. False when it is shorter than the header.</summary>
    public static bool TryParse(Span<byte> frame, out EthernetHeader header)
    {
        header = new EthernetHeader(frame);
        return frame.Length >= Size;
    }
}
