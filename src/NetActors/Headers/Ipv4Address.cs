using System.Globalization;

namespace NetActors.Headers;

/// <summary>IPv4 addresses as numbers in host order: 10.0.0.1 is 0x0A000001 (kernel: include/linux/in.h).</summary>
public static class Ipv4Address
{
    /// <summary>0.0.0.0 (<c>INADDR_ANY</c>).</summary>
    public const uint Any = 0;

    /// <summary>255.255.255.255 (<c>INADDR_BROADCAST</c>).</summary>
    public const uint Broadcast = 0xFFFF_FFFF;

    /// <summary>127.0.0.1 (<c>INADDR_LOOPBACK</c>).</summary>
    public const uint Loopback = 0x7F00_0001;

    /// <summary>Characters of the longest text form.</summary>
    public const int MaxTextLength = 15;

    /// <summary>True for 127.0.0.0/8 (kernel: <c>ipv4_is_loopback</c>).</summary>
    public static bool IsLoopback(uint address) => address >> 24 == 127;

    /// <summary>True for 224.0.0.0/4 (kernel: <c>ipv4_is_multicast</c>).</summary>
    public static bool IsMulticast(uint address) => address >> 28 == 14;

    /// <summary>True for 224.0.0.0/24 (kernel: <c>ipv4_is_local_multicast</c>).</summary>
    public static bool IsLocalMulticast(uint address) => address >> 8 == 0xE0_0000;

    /// <summary>True for 255.255.255.255 (kernel: <c>ipv4_is_lbcast</c>).</summary>
    public static bool IsLimitedBroadcast(uint address) => address == Broadcast;

    /// <summary>True for 0.0.0.0/8 (kernel up to 5.2: <c>ipv4_is_zeronet</c>; later kernels ask only for 0.0.0.0).</summary>
    public static bool IsZeroNet(uint address) => address >> 24 == 0;

    /// <summary>True for 169.254.0.0/16 (kernel: <c>ipv4_is_linklocal_169</c>).</summary>
    public static bool IsLinkLocal(uint address) => address >> 16 == 0xA9FE;

    /// <summary>The group's Ethernet address 01:00:5e:… (RFC 1112 section 6.4; kernel: <c>ip_eth_mc_map</c>).</summary>
    public static MacAddress MulticastMac(uint group) => new(0x0100_5E00_0000UL | (group & 0x7F_FFFF));

    /// <summary>Reads four decimal numbers, none above 255 or with a leading zero. False for any other form (<c>inet_pton</c>).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var rest = text;
        for (var part = 0; part < 4; part++)
        {
            var end = part < 3 ? rest.IndexOf('.') : rest.Length;
            if (end is < 1 or > 3 || (end > 1 && rest[0] == '0')) return false;
            if (!byte.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
            address = address << 8 | number;
            if (part < 3) rest = rest[(end + 1)..];
        }

        return true;
    }

    /// <summary>Reads four decimal numbers with dots.</summary>
    /// <exception cref="FormatException">The text has any other form.</exception>
    public static uint Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IPv4 address such as 10.0.0.1.");

    /// <summary>Writes four decimal numbers with dots (kernel: <c>%pI4</c>). False when they do not fit.</summary>
    public static bool TryFormat(uint address, Span<char> destination, out int written) =>
        destination.TryWrite(CultureInfo.InvariantCulture,
            $"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}", out written);

    /// <summary>Four decimal numbers with dots (kernel: <c>%pI4</c>).</summary>
    public static string Format(uint address)
    {
        Span<char> text = stackalloc char[MaxTextLength];
        return TryFormat(address, text, out var written) ? new string(text[..written]) : string.Empty;
    }
}
