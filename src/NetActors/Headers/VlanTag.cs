using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>
/// The four bytes behind the EtherType 0x8100 or 0x88a8 (IEEE 802.1Q section 9.3; kernel: <c>struct vlan_hdr</c>), seen over a frame.
/// </summary>
public readonly ref struct VlanTag
{
    /// <summary>Size of the tag in bytes (<c>VLAN_HLEN</c>).</summary>
    public const int Size = 4;

    private readonly Span<byte> _bytes;

    private VlanTag(Span<byte> bytes) => _bytes = bytes;

    /// <summary>Tag control information: priority, drop eligible, VLAN.</summary>
    public ushort Tci
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes, value);
    }

    /// <summary>VLAN number, 0 to 4095 (<c>VLAN_VID_MASK</c>).</summary>
    public ushort Id
    {
        get => (ushort)(Tci & 0x0FFF);
        set => Tci = (ushort)((Tci & 0xF000) | (value & 0x0FFF));
    }

    /// <summary>Priority code point, 0 to 7 (<c>VLAN_PRIO_MASK</c>).</summary>
    public byte Priority
    {
        get => (byte)(Tci >> 13);
        set => Tci = (ushort)((Tci & 0x1FFF) | (value & 7) << 13);
    }

    /// <summary>Drop eligible indicator (<c>VLAN_CFI_MASK</c>).</summary>
    public bool DropEligible
    {
        get => (Tci & 0x1000) != 0;
        set => Tci = (ushort)(value ? Tci | 0x1000 : Tci & ~0x1000);
    }

    /// <summary>What follows the tag (<see cref="EtherTypes"/>).</summary>
    public ushort EtherType
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[2..], value);
    }

    /// <summary>All bytes behind the tag.</summary>
    public Span<byte> Payload => _bytes[Size..];

    /// <summary>Lays the view over the bytes behind the outer EtherType. False when there are fewer than four.</summary>
    public static bool TryParse(Span<byte> bytes, out VlanTag tag)
    {
        tag = new VlanTag(bytes);
        return bytes.Length >= Size;
    }
}
