using System.Buffers.Binary;

namespace NetActors.Nic;

/// <summary>
/// One ntuple rule: which frames, and where they go (kernel: <c>struct ethtool_rx_flow_spec</c>). In masks a set bit must match, as in
/// the kernel; the ethtool program's <c>m</c> has them inverted.
/// </summary>
public sealed record FlowRule
{
    /// <summary><see cref="Queue"/> of a rule that drops (kernel: <c>RX_CLS_FLOW_DISC</c>).</summary>
    public const int Drop = -1;

    /// <summary>Lower locations come first.</summary>
    public int Location { get; init; }

    /// <summary>Class of frames; <see cref="FlowType.Ip4"/> and <see cref="FlowType.Ip6"/> are all of IP, <see cref="FlowType.Ether"/> all
    /// frames.</summary>
    public FlowType Type { get; init; }

    /// <summary>Receive queue, or <see cref="Drop"/>.</summary>
    public int Queue { get; init; }

    /// <summary>RSS context that spreads the frames instead of <see cref="Queue"/>; 0 for none.</summary>
    public int Context { get; init; }

    /// <summary>Source address; IPv4 in the low 32 bits.</summary>
    public Masked<UInt128> SourceAddress { get; init; }

    /// <summary>Destination address; IPv4 in the low 32 bits.</summary>
    public Masked<UInt128> DestinationAddress { get; init; }

    /// <summary>Source port in the high half, destination port in the low half.</summary>
    public Masked<uint> Ports { get; init; }

    /// <summary>Protocol of IP (<c>l4proto</c>).</summary>
    public Masked<byte> Protocol { get; init; }

    /// <summary>EtherType (<c>proto</c>).</summary>
    public Masked<ushort> EtherType { get; init; }

    /// <summary>VLAN tag control information (<c>vlan</c>).</summary>
    public Masked<ushort> Vlan { get; init; }

    /// <summary>Destination Ethernet address in the low 48 bits.</summary>
    public Masked<ulong> DestinationMac { get; init; }

    /// <summary>Source Ethernet address in the low 48 bits.</summary>
    public Masked<ulong> SourceMac { get; init; }

    /// <summary>True when the frame, whose headers are where <paramref name="layout"/> says, is meant.</summary>
    public bool Matches(ReadOnlySpan<byte> frame, in FrameLayout layout)
    {
        var isTyped = Type switch
        {
            FlowType.Ether => frame.Length >= 14,
            FlowType.Ip4 => layout.FlowType.IsIPv4(),
            FlowType.Ip6 => layout.FlowType.IsIPv6(),
            _ => layout.FlowType == Type,
        };
        return isTyped && MatchesLink(frame, layout) && (Type == FlowType.Ether || MatchesNetwork(frame, layout));
    }

    private bool MatchesLink(ReadOnlySpan<byte> frame, in FrameLayout layout) =>
        (Vlan.Mask == 0 || (layout.VlanTci >= 0 && (layout.VlanTci & Vlan.Mask) == (Vlan.Value & Vlan.Mask)))
        && (layout.EtherType & EtherType.Mask) == (EtherType.Value & EtherType.Mask)
        && (DestinationMac.Mask == 0 || (MacFilter.Read(frame) & DestinationMac.Mask) == (DestinationMac.Value & DestinationMac.Mask))
        && (SourceMac.Mask == 0 || (MacFilter.Read(frame[6..]) & SourceMac.Mask) == (SourceMac.Value & SourceMac.Mask));

    private bool MatchesNetwork(ReadOnlySpan<byte> frame, in FrameLayout layout)
    {
        if ((layout.Protocol & Protocol.Mask) != (Protocol.Value & Protocol.Mask)) return false;
        if (Ports.Mask != 0)
        {
            if (layout.TransportOffset == 0) return false;
            if ((BinaryPrimitives.ReadUInt32BigEndian(frame[layout.TransportOffset..]) & Ports.Mask) != (Ports.Value & Ports.Mask))
                return false;
        }

        var ip = frame[layout.NetworkOffset..];
        return layout.FlowType.IsIPv6()
            ? Fits(BinaryPrimitives.ReadUInt128BigEndian(ip[8..]), SourceAddress)
                && Fits(BinaryPrimitives.ReadUInt128BigEndian(ip[24..]), DestinationAddress)
            : Fits(BinaryPrimitives.ReadUInt32BigEndian(ip[12..]), SourceAddress)
                && Fits(BinaryPrimitives.ReadUInt32BigEndian(ip[16..]), DestinationAddress);
    }

    private static bool Fits(UInt128 address, in Masked<UInt128> wanted) => (address & wanted.Mask) == (wanted.Value & wanted.Mask);
}

/// <summary>A value of which only the bits set in the mask count; with mask 0, anything fits.</summary>
/// <param name="Value">The bits wanted.</param>
/// <param name="Mask">The bits that count.</param>
/// <typeparam name="T">An unsigned number as wide as the field.</typeparam>
public readonly record struct Masked<T>(T Value, T Mask)
    where T : struct;
