using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>UDP output (kernel: <c>udp_send_skb</c>, net/ipv4/udp.c).</summary>
public static class UdpOutput
{
    /// <summary>
    /// Largest datagram with its header in bytes: the length field's limit less the IP header (kernel: <c>udp_sendmsg</c>).
    /// </summary>
    public const int MaxDatagram = IpOutput.MaxPacket - Ipv4Header.Size;

    /// <summary>
    /// Writes the UDP header in front of the payload and the IP header in front of that. The caller has room for 28 bytes in front.
    /// </summary>
    /// <param name="skb">The payload; after an error still the caller's and untouched.</param>
    /// <param name="sourcePort">Local port.</param>
    /// <param name="destinationPort">Peer's port.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="options">Header fields; the protocol is set here.</param>
    /// <param name="offload">The device fills the checksum in, when the datagram is not cut.</param>
    /// <param name="ident">Identifications.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="noCheck">No checksum (SO_NO_CHECK).</param>
    /// <returns>None, or EMSGSIZE for a datagram that is too large.</returns>
    public static Errno Send(
        SkBuff skb, ushort sourcePort, ushort destinationPort, in Route route, in IpSendOptions options, bool offload, IpIdent ident,
        MibSet mib, bool noCheck = false)
    {
        var ip = options with { Protocol = IpProtocols.Udp };
        var length = skb.Length + UdpHeader.Size;
        var isLarge = skb.Shared.GsoSize > 0;
        var error = isLarge ? Errno.None : IpOutput.CheckSize(length, route, ip); // the caller knows that its segments fit
        if (error != Errno.None) return error;

        UdpHeader.TryOverlay(skb.Push(UdpHeader.Size), out var udp);
        (udp.SourcePort, udp.DestinationPort, udp.Length, udp.Checksum) = (sourcePort, destinationPort, (ushort)length, 0);
        (skb.Cb.SourcePort, skb.Cb.DestinationPort) = (sourcePort, destinationPort);
        var pseudo = InternetChecksum.PseudoHeader(route.Source, route.Destination, IpProtocols.Udp, length);
        if (noCheck)
        {
            skb.IpSummed = ChecksumState.None;
        }
        else if (isLarge || (offload && Ipv4Header.Size + length <= route.Mtu))
        {
            udp.Checksum = (ushort)~InternetChecksum.Fold(pseudo); // the device goes on from here
            skb.IpSummed = ChecksumState.Partial;
            (skb.CsumStart, skb.CsumOffset) = (0, 6);
        }
        else
        {
            var checksum = InternetChecksum.Fold(SkbChecksum.Sum(skb, 0, pseudo));
            udp.Checksum = checksum == 0 ? (ushort)0xFFFF : checksum; // CSUM_MANGLED_0
            skb.IpSummed = ChecksumState.None;
        }

        IpOutput.LocalOut(skb, route, ip, ident, mib);
        if (skb.IpSummed == ChecksumState.Partial) skb.CsumStart = Ipv4Header.Size;
        mib.Add(UdpMib.OutDatagrams);
        return Errno.None;
    }

    /// <summary>No memory for a datagram: counts it (kernel: <c>SndbufErrors</c>).</summary>
    public static Errno NoBuffer(MibSet mib)
    {
        mib.Add(UdpMib.SndbufErrors);
        return Errno.ENOBUFS;
    }
}
