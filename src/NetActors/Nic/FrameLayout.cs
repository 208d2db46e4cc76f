using System.Buffers.Binary;

namespace NetActors.Nic;

/// <summary>
/// Where a NIC's parser found the headers of a frame. Found once per frame; hash, flow rules and checksum test read the bytes by it.
/// A datagram whose lengths do not fit the frame counts as not IP.
/// </summary>
public struct FrameLayout
{
    private const int EthernetHeader = 14;

    /// <summary>EtherType behind the VLAN tag, host order.</summary>
    public ushort EtherType { get; private set; }

    /// <summary>Where the IP header begins, in bytes.</summary>
    public ushort NetworkOffset { get; private set; }

    /// <summary>Where the transport header begins; 0 for fragments and without IP.</summary>
    public ushort TransportOffset { get; private set; }

    /// <summary>Where the datagram ends; padding may follow.</summary>
    public ushort End { get; private set; }

    /// <summary>Tag control information of the outer VLAN tag, host order; -1 when untagged.</summary>
    public int VlanTci { get; private set; }

    /// <summary>Protocol of the transport header.</summary>
    public byte Protocol { get; private set; }

    /// <summary>The class of the packet.</summary>
    public FlowType FlowType { get; private set; }

    private void Read(ReadOnlySpan<byte> frame)
    {
        VlanTci = -1;
        EtherType = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        NetworkOffset = EthernetHeader;
        if (EtherType is 0x8100 or 0x88A8 && frame.Length >= EthernetHeader + 4)
        {
            VlanTci = BinaryPrimitives.ReadUInt16BigEndian(frame[14..]);
            EtherType = BinaryPrimitives.ReadUInt16BigEndian(frame[16..]);
            NetworkOffset += 4;
        }

        var packet = frame[NetworkOffset..];
        if (EtherType == 0x0800 && packet.Length >= 20)
        {
            int headerLength = (packet[0] & 15) * 4, total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            if (packet[0] >> 4 != 4 || headerLength < 20 || total < headerLength || total > packet.Length) return;
            End = (ushort)(NetworkOffset + total);
            Protocol = packet[9];
            var fragmented = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) != 0; // more fragments, or an offset
            if (!fragmented) TransportOffset = (ushort)(NetworkOffset + headerLength);
            FlowType = Classify(TransportOffset, FlowType.Ip4);
        }
        else if (EtherType == 0x86DD && packet.Length >= 40)
        {
            var total = 40 + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
            if (packet[0] >> 4 != 6 || total > packet.Length) return;
            End = (ushort)(NetworkOffset + total);
            Protocol = packet[6];
            TransportOffset = (ushort)(NetworkOffset + 40);
            if (Protocol is 0 or 43 or 44 or 60) SkipExtensions(frame);
            FlowType = Classify(TransportOffset, FlowType.Ip6);
        }
    }

    /// <summary>Finds the headers of an Ethernet frame; one shorter than its header is of no class.</summary>
    public static FrameLayout Parse(ReadOnlySpan<byte> frame)
    {
        Parse(frame, out var layout);
        return layout;
    }

    /// <summary>The same, written where it is wanted.</summary>
    public static void Parse(ReadOnlySpan<byte> frame, out FrameLayout layout)
    {
        layout = default;
        if (frame.Length >= EthernetHeader) layout.Read(frame);
    }

    private void SkipExtensions(ReadOnlySpan<byte> frame)
    {
        while (Protocol is 0 or 43 or 44 or 60)
        {
            var at = TransportOffset;
            var length = at + 8 > End ? int.MaxValue : (frame[at + 1] + 1) * 8;
            if (Protocol == 44 || length > End - at) // a fragment, even the first, has no ports for the NIC
            {
                TransportOffset = 0;
                return;
            }

            Protocol = frame[at];
            TransportOffset = (ushort)(at + length);
        }
    }

    private readonly FlowType Classify(int transport, FlowType other)
    {
        if (transport == 0 || transport + 8 > End) return other;
        return Protocol switch
        {
            6 when transport + 20 <= End => other + 1,
            17 => other + 2,
            132 => other + 3,
            51 => other + 4,
            50 => other + 5,
            _ => other,
        };
    }
}
