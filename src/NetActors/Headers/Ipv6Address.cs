using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NetActors.Headers;

/// <summary>IPv6 addresses as numbers in host order: ::1 is 1 (kernel: <c>struct in6_addr</c>).</summary>
public static class Ipv6Address
{
    /// <summary>Size on the wire in bytes.</summary>
    public const int Size = 16;

    /// <summary>True for ff00::/8 (kernel: <c>ipv6_addr_is_multicast</c>).</summary>
    public static bool IsMulticast(UInt128 address) => (byte)(address >> 120) == 0xFF;

    /// <summary>True for fe80::/10 (kernel: <c>IPV6_ADDR_LINKLOCAL</c>).</summary>
    public static bool IsLinkLocal(UInt128 address) => (ushort)(address >> 118) == 0x3FA;

    /// <summary>The four words folded into one by exclusive or (kernel: <c>ipv6_addr_hash</c>).</summary>
    public static uint Fold(UInt128 address) =>
        (uint)(address >> 96) ^ (uint)(address >> 64) ^ (uint)(address >> 32) ^ (uint)address;

    /// <summary>Reads any text form of RFC 4291 section 2.2 without a zone. False for anything else. Allocates: not for packets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = default;
        if (text.Contains('%') || text.Contains('[')) return false;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return false;
        Span<byte> bytes = stackalloc byte[Size];
        if (!parsed.TryWriteBytes(bytes, out _)) return false;
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    /// <summary>Reads any text form of RFC 4291 section 2.2 without a zone.</summary>
    /// <exception cref="FormatException">The text has any other form.</exception>
    public static UInt128 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IPv6 address such as 2001:db8::1.");

    /// <summary>The shortest text form (RFC 5952; kernel: <c>%pI6c</c>). Allocates: not for packets.</summary>
    public static string Format(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }
}
