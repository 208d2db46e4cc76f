using System.Buffers.Binary;
using System.Globalization;
using NetActors.Buffers;

namespace NetActors.Nic;

/// <summary>
/// Which frames a NIC takes by their destination address (kernel: <c>dev_set_rx_mode</c>, <c>ixgbe_set_rx_mode</c>). Addresses are the
/// low 48 bits of a number, first byte highest.
/// </summary>
/// <param name="address">The device's own address.</param>
public sealed class MacFilter(ulong address)
{
    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public const ulong Broadcast = 0xFFFF_FFFF_FFFF;

    private const ulong GroupBit = 1UL << 40;
    private readonly List<ulong> _unicast = [];
    private readonly List<ulong> _multicast = [];

    /// <summary>The device's own address.</summary>
    public ulong Address { get; set; } = address;

    /// <summary>Takes everything (<c>IFF_PROMISC</c>).</summary>
    public bool Promiscuous { get; set; }

    /// <summary>Takes every group (<c>IFF_ALLMULTI</c>).</summary>
    public bool AllMulticast { get; set; }

    /// <summary>Takes a further address or group from now on (kernel: <c>dev_uc_add</c>, <c>dev_mc_add</c>). False when it already
    /// did.</summary>
    public bool Add(ulong address)
    {
        var list = ListOf(address);
        if (list.Contains(address)) return false;
        list.Add(address);
        return true;
    }

    /// <summary>No longer takes it. False when it did not.</summary>
    public bool Remove(ulong address) => ListOf(address).Remove(address);

    /// <summary>True when the frame is taken; <paramref name="type"/> says whom it was for (kernel: <c>eth_type_trans</c>).</summary>
    public bool Accepts(ReadOnlySpan<byte> frame, out PacketType type)
    {
        var destination = Read(frame);
        if (destination == Address)
        {
            type = PacketType.Host;
            return true;
        }

        if ((destination & GroupBit) != 0)
        {
            type = destination == Broadcast ? PacketType.Broadcast : PacketType.Multicast;
            return Promiscuous || type == PacketType.Broadcast || AllMulticast || _multicast.Contains(destination);
        }

        type = PacketType.OtherHost; // a further unicast address is another device's (macvlan) for eth_type_trans
        return Promiscuous || _unicast.Contains(destination);
    }

    /// <summary>The address at the front of <paramref name="bytes"/>, which are at least 6.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes) =>
        ((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);

    /// <summary>Reads "02:00:00:00:00:01". False when it is not six hexadecimal bytes.</summary>
    public static bool TryParse(string text, out ulong address)
    {
        address = 0;
        var parts = text.Split(':');
        if (parts.Length != 6) return false;
        foreach (var part in parts)
        {
            if (part.Length > 2 || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                return false;
            address = (address << 8) | value;
        }

        return true;
    }

    private List<ulong> ListOf(ulong address) => (address & GroupBit) != 0 ? _multicast : _unicast;
}
