using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>
/// Reads the <see cref="FlowKeys"/> of a packet for <c>skb_get_hash</c> (kernel: net/core/flow_dissector.c). Known to neither version
/// here, and so the end of dissection: TIPC, batman-adv, HSR, FCoE.
/// </summary>
public static class FlowDissector
{
    /// <summary>Headers that 6.x follows inwards (<c>MAX_FLOW_DISSECT_HDRS</c>).</summary>
    public const int MaxHeaders = 15;

    /// <summary>
    /// Reads the keys. False when a header is cut off, broken or unknown: 6.x then hashes what <paramref name="keys"/> holds so far, 3.10
    /// has no hash.
    /// </summary>
    /// <param name="packet">The bytes from the network header on.</param>
    /// <param name="protocol">EtherType of the packet, behind a tag that the device took off (kernel: <c>skb-&gt;protocol</c>).</param>
    /// <param name="vlanTci">The tag that the device took off, an 802.1Q one; null when none.</param>
    /// <param name="version">Whose rules hold.</param>
    /// <param name="keys">What was found.</param>
    public static bool Dissect(ReadOnlySpan<byte> packet, ushort protocol, ushort? vlanTci, KernelVersion version, out FlowKeys keys)
    {
        if (version == KernelVersion.V310) return FlowWalk310.Dissect(packet, protocol, out keys);
        var walk = new FlowWalk6(packet, protocol, vlanTci);
        var found = walk.Dissect();
        keys = walk.Keys;
        return found;
    }

    /// <summary>Reads ports or an SPI; zero when there are none or they are cut off (kernel: <c>skb_flow_get_ports</c>).</summary>
    internal static uint ReadPorts(ReadOnlySpan<byte> packet, int transportOffset, byte protocol)
    {
        var at = IpProtocols.PortsOffset(protocol);
        if (at < 0 || !Has(packet, transportOffset + at, 4)) return 0;
        return BinaryPrimitives.ReadUInt32BigEndian(packet[(transportOffset + at)..]);
    }

    /// <summary>
    /// True when <paramref name="count"/> bytes are there from <paramref name="offset"/> on (kernel: <c>skb_header_pointer</c>).
    /// </summary>
    internal static bool Has(ReadOnlySpan<byte> packet, int offset, int count) => packet.Length - offset >= count;
}
