using System.Buffers.Binary;

namespace NetActors.Nic;

/// <summary>
/// Where a NIC's parser found the headers of a frame. Found once per frame; hash, flow rules and checksum test read the bytes by it.
/// A datagram whose lengths do not fit the frame counts as not IP.
/// </summary>
public readonly struct FrameLayout
{
    private const int EthernetHeader = 14;

    /// <summary>EtherType behind the VLAN tag, host order.</summary>
    public readonly ushort EtherType;

    /// <summary>Where the IP header begins, in bytes.</summary>
    public readonly ushort NetworkOffset;

    /// <summary>Where the transport header begins; 0 for fragments and without IP.</summary>
    public readonly ushort TransportOffset;

    /// <summary>Where the datagram ends; padding may follow.</summary>
    public readonly ushort End;

    /// <summary>Tag control information of the outer VLAN tag, host order; -1 when untagged.</summary>
    public readonly int VlanTci;

    /// <summary>Protocol of the transport header.</summary>
    public readonly byte Protocol;

    /// <summary>The class of the packet.</summary>
    public readonly FlowType FlowType;

    private FrameLayout(ReadOnlySpan<byte> frame)
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
            if (Protocol is 0 or 43 or 44 or 60) SkipExtensions(frame, ref Protocol, ref TransportOffset);
            FlowType = Classify(TransportOffset, FlowType.Ip6);
        }
    }

    /// <summary>Finds the headers of an Ethernet frame; one shorter than its header is of no class.</summary>
    public static FrameLayout Parse(ReadOnlySpan<byte> frame) => frame.Length < EthernetHeader ? default : new FrameLayout(frame);

    private void SkipExtensions(ReadOnlySpan<byte> frame, ref byte protocol, ref ushort at)
    {
        while (protocol is 0 or 43 or 44 or 60)
        {
            if (protocol == 44 || at + 8 > End) // a fragment, even the first, has no ports for the NIC
            {
                at = 0;
                return;
            }

            var length = (frame[at + 1] + 1) * 8;
            if (at + length > End)
            {
                at = 0;
                return;
            }

            protocol = frame[at];
            at += (ushort)length;
        }
    }

    private FlowType Classify(int transport, FlowType other)
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
