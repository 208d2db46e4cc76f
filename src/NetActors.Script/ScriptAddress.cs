using System.Buffers.Binary;
using NetActors.Headers;

namespace NetActors.Script;

/// <summary>An IPv4 or IPv6 address.</summary>
/// <param name="IsIpv6">True for IPv6.</param>
/// <param name="Value">The address in host order.</param>
public readonly record struct ScriptAddress(bool IsIpv6, UInt128 Value)
{
    private const ushort AfInet = 2;
    private const ushort AfInet6 = 10;
    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    /// <summary>The address as IPv4.</summary>
    public uint Ipv4 => (uint)Value;

    /// <summary>An IPv4 address in host order.</summary>
    public static ScriptAddress FromIpv4(uint address) => new(false, address);

    /// <summary>An IPv6 address in host order.</summary>
    public static ScriptAddress FromIpv6(UInt128 address) => new(true, address);

    /// <summary>Reads either form. False for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ScriptAddress address)
    {
        address = default;
        if (Ipv4Address.TryParse(text, out var ipv4)) address = FromIpv4(ipv4);
        else if (Ipv6Address.TryParse(text, out var ipv6)) address = FromIpv6(ipv6);
        else return false;
        return true;
    }

    /// <summary>Reads either form.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static ScriptAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an address.");

    /// <summary>An IPv4 address as IPv6 writes it, ::ffff:1.2.3.4 (RFC 4291 section 2.5.5.2); an IPv6 address as it is.</summary>
    public ScriptAddress ToIpv6() => IsIpv6 ? this : FromIpv6(Mapped | Value);

    /// <summary>The IPv4 address inside a mapped one; any other as it is.</summary>
    public ScriptAddress Unmapped() => IsIpv6 && Value >> 32 == 0xFFFF ? FromIpv4((uint)Value) : this;

    /// <summary>
    /// Linux's <c>sockaddr_in</c> (16 bytes) or <c>sockaddr_in6</c> (28 bytes): family little endian, the rest in network order.
    /// </summary>
    public byte[] ToSockaddr(ushort port)
    {
        var bytes = new byte[IsIpv6 ? 28 : 16];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, IsIpv6 ? AfInet6 : AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), port);
        if (IsIpv6) BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(8), Value);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Ipv4);
        return bytes;
    }

    /// <summary>Reads what <see cref="ToSockaddr"/> writes. False for another family or too few bytes.</summary>
    public static bool TryReadSockaddr(ReadOnlySpan<byte> bytes, out ScriptAddress address, out ushort port)
    {
        (address, port) = (default, 0);
        if (bytes.Length < 16) return false;
        var family = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (family == AfInet) address = FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
        else if (family == AfInet6 && bytes.Length >= 24) address = FromIpv6(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]));
        else return false;
        return true;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => IsIpv6 ? Ipv6Address.Format(Value) : Ipv4Address.Format(Ipv4);
}
