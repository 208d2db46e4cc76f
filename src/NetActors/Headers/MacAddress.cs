using System.Buffers.Binary;
using System.Globalization;

namespace NetActors.Headers;

/// <summary>A 48-bit Ethernet address, compared by value.</summary>
public readonly record struct MacAddress
{
    /// <summary>Size on the wire in bytes (kernel: <c>ETH_ALEN</c>).</summary>
    public const int Size = 6;

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static readonly MacAddress Broadcast = new(0xFFFF_FFFF_FFFF);

    /// <summary>00:00:00:00:00:00.</summary>
    public static readonly MacAddress Zero;

    /// <summary>The address whose first byte on the wire is bits 40 to 47 of <paramref name="value"/>; higher bits are ignored.</summary>
    public MacAddress(ulong value) => Value = value & 0xFFFF_FFFF_FFFF;

    /// <summary>The address as a number, first byte on the wire highest.</summary>
    public ulong Value { get; }

    /// <summary>True for a group, broadcast included (kernel: <c>is_multicast_ether_addr</c>).</summary>
    public bool IsMulticast => (Value >> 40 & 1) != 0;

    /// <summary>True for all ones (kernel: <c>is_broadcast_ether_addr</c>).</summary>
    public bool IsBroadcast => Value == 0xFFFF_FFFF_FFFF;

    /// <summary>True for all zeros (kernel: <c>is_zero_ether_addr</c>).</summary>
    public bool IsZero => Value == 0;

    /// <summary>True for an address a device may have: neither zero nor a group (kernel: <c>is_valid_ether_addr</c>).</summary>
    public bool IsValid => !IsZero && !IsMulticast;

    /// <summary>The locally administered address 02:00:00:xx:xx:xx of a numbered emulated device.</summary>
    /// <param name="number">Taken modulo 2^24.</param>
    public static MacAddress Local(uint number) => new(0x0200_0000_0000UL | (number & 0xFF_FFFF));

    /// <summary>Reads the first six bytes; the caller has checked that they are there.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16 | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));

    /// <summary>Writes six bytes; the caller has checked that they fit.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(Value >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)Value);
    }

    /// <summary>Reads <c>02:00:00:00:00:01</c>. False for any other form (kernel: <c>mac_pton</c>).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != 17) return false;
        var value = 0UL;
        for (var i = 0; i < Size; i++)
        {
            if (i > 0 && text[3 * i - 1] != ':') return false;
            if (!char.IsAsciiHexDigit(text[3 * i]) || !char.IsAsciiHexDigit(text[3 * i + 1])) return false;
            value = value << 8 | byte.Parse(text.Slice(3 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        address = new MacAddress(value);
        return true;
    }

    /// <summary>Reads <c>02:00:00:00:00:01</c>.</summary>
    /// <exception cref="FormatException">The text has any other form.</exception>
    public static MacAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not a MAC address such as 02:00:00:00:00:01.");

    /// <summary>Lower-case hexadecimal with colons, as <c>ip link</c> prints it (kernel: <c>%pM</c>).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}:"
        + $"{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}");
}
