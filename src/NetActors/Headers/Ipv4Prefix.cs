using System.Globalization;

namespace NetActors.Headers;

/// <summary>
/// An IPv4 address with a prefix length, as in <c>ip addr</c> and <c>ip route</c>. Keeps host bits; see <see cref="Masked"/>.
/// </summary>
public readonly record struct Ipv4Prefix
{
    /// <summary>0.0.0.0/0: everything.</summary>
    public static readonly Ipv4Prefix Default;

    /// <summary>A prefix of <paramref name="length"/> bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not 0 to 32.</exception>
    public Ipv4Prefix(uint address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, 32u, nameof(length));
        (Address, Length) = (address, length);
    }

    /// <summary>The address as written, in host order.</summary>
    public uint Address { get; }

    /// <summary>Bits that name the network, 0 to 32.</summary>
    public int Length { get; }

    /// <summary>Ones where the network is named (kernel: <c>inet_make_mask</c>).</summary>
    public uint Mask => MaskOf(Length);

    /// <summary>The first address: all host bits zero.</summary>
    public uint Network => Address & Mask;

    /// <summary>The last address: all host bits one. For /31 and /32 it is a host, not a broadcast (RFC 3021).</summary>
    public uint Broadcast => Address | ~Mask;

    /// <summary>The same prefix without host bits, so that equal networks compare equal.</summary>
    public Ipv4Prefix Masked => new(Network, Length);

    /// <summary>Ones in the <paramref name="length"/> highest bits; the caller keeps to 0 to 32.</summary>
    public static uint MaskOf(int length) => length == 0 ? 0 : uint.MaxValue << (32 - length);

    /// <summary>True when the address is in the network (kernel: <c>inet_ifa_match</c>).</summary>
    public bool Contains(uint address) => ((address ^ Address) & Mask) == 0;

    /// <summary>Reads <c>10.0.0.1/24</c>, or an address alone as /32. False for any other form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Prefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        var length = 32;
        if (slash >= 0)
        {
            var digits = text[(slash + 1)..];
            if (digits.Length is < 1 or > 2 || (digits.Length == 2 && digits[0] == '0')) return false;
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > 32) return false;
        }

        if (!Ipv4Address.TryParse(slash < 0 ? text : text[..slash], out var address)) return false;
        prefix = new Ipv4Prefix(address, length);
        return true;
    }

    /// <summary>Reads <c>10.0.0.1/24</c>, or an address alone as /32.</summary>
    /// <exception cref="FormatException">The text has any other form.</exception>
    public static Ipv4Prefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not an IPv4 prefix such as 10.0.0.0/24.");

    /// <summary>Address, slash, length.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ipv4Address.Format(Address)}/{Length}");
}
