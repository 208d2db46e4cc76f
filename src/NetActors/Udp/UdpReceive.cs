using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// UDP input (kernel: <c>__udp4_lib_rcv</c>, <c>__udp_queue_rcv_skb</c>, <c>udp_recvmsg</c>, net/ipv4/udp.c). Every step answers
/// NOT_DROPPED_YET or why the caller frees the datagram, counted already.
/// </summary>
public static class UdpReceive
{
    private const int ChecksumBreak = 76; // CHECKSUM_BREAK: shorter datagrams are verified at once, longer ones while they are copied

    /// <summary>
    /// Checks length and, as far as Linux does it here, checksum; trims; fills the ports into <see cref="SkBuff.Cb"/>.
    /// <see cref="SkBuff.Data"/> starts at the UDP header before and after.
    /// </summary>
    public static SkbDropReason CheckHeader(SkBuff skb, MibSet mib, KernelVersion version = KernelVersion.V6)
    {
        if (!UdpHeader.TryOverlay(skb.Data, out var udp)) return Error(mib, SkbDropReason.NOT_SPECIFIED);
        if (udp.Length > skb.Length || udp.Length < UdpHeader.Size) return Error(mib, SkbDropReason.PKT_TOO_SMALL);
        SkbChecksum.TrimRcsum(skb, udp.Length);
        (skb.Cb.SourcePort, skb.Cb.DestinationPort) = (udp.SourcePort, udp.DestinationPort);
        skb.Cb.PayloadLength = udp.Length - UdpHeader.Size;

        if (udp.Checksum == 0) skb.IpSummed = ChecksumState.Unnecessary; // the sender made none
        var verified = skb.IpSummed is ChecksumState.Unnecessary or ChecksumState.Partial || SkbChecksum.CompleteByDevice(skb, Pseudo(skb));
        var shortOne = version == KernelVersion.V6 && skb.Length <= ChecksumBreak;
        return verified || !shortOne || IsChecksumGood(skb) ? SkbDropReason.NOT_DROPPED_YET : ChecksumError(mib);
    }

    /// <summary>What a lookup needs of a datagram that <see cref="CheckHeader"/> let through.</summary>
    public static UdpLookup KeyOf(SkBuff skb, int cpu) => new(
        skb.Cb.SourceAddress, skb.Cb.SourcePort, skb.Cb.DestinationAddress, skb.Cb.DestinationPort, skb.IfIndex, cpu);

    /// <summary>
    /// Nobody has the port: NO_SOCKET and port unreachable, or UDP_CSUM in silence when the checksum is wrong.
    /// </summary>
    public static SkbDropReason NoSocket(SkBuff skb, MibSet mib, out IcmpError error)
    {
        error = IcmpError.None;
        if (!IsChecksumGood(skb)) return ChecksumError(mib);
        mib.Add(UdpMib.NoPorts);
        error = IcmpError.PortUnreachable;
        return SkbDropReason.NO_SOCKET;
    }

    /// <summary>
    /// A broadcast or group's datagram that no socket takes: freed as consumed (kernel: <c>__udp4_lib_mcast_deliver</c>).
    /// </summary>
    public static SkbDropReason NoGroupReceiver(MibSet mib)
    {
        mib.Add(UdpMib.IgnoredMulti);
        return SkbDropReason.CONSUMED;
    }

    /// <summary>
    /// Charges the socket for the datagram, which then waits in its queue (kernel: <c>__udp_queue_rcv_skb</c>). SOCKET_RCVBUFF or
    /// PROTO_MEM when it may not: each counts twice, also as InErrors.
    /// </summary>
    public static SkbDropReason Enqueue(SkBuff skb, UdpReceiveBuffer buffer, MibSet mib)
    {
        switch (buffer.TryCharge(skb.TrueSize))
        {
            case Errno.None:
                skb.Cb.ChargedBytes = skb.TrueSize;
                return SkbDropReason.NOT_DROPPED_YET;
            case Errno.ENOMEM:
                mib.Add(UdpMib.RcvbufErrors);
                return Error(mib, SkbDropReason.SOCKET_RCVBUFF);
            default:
                mib.Add(UdpMib.MemErrors);
                return Error(mib, SkbDropReason.PROTO_MEM);
        }
    }

    /// <summary>
    /// The application takes the datagram out of the queue (kernel: <c>udp_recvmsg</c>): gives the charge back, verifies what was not
    /// verified, counts InDatagrams and moves <see cref="SkBuff.Data"/> to the payload. UDP_CSUM: read the next one instead.
    /// </summary>
    public static SkbDropReason Receive(SkBuff skb, UdpReceiveBuffer buffer, MibSet mib)
    {
        buffer.Uncharge(skb.Cb.ChargedBytes);
        skb.Cb.ChargedBytes = 0;
        if (!IsChecksumGood(skb))
        {
            buffer.CountDrop();
            return ChecksumError(mib);
        }

        mib.Add(UdpMib.InDatagrams);
        skb.Pull(UdpHeader.Size);
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>
    /// The payload of a datagram that stays in the queue (kernel: <c>udp_recvmsg</c> with MSG_PEEK). False when its checksum is wrong.
    /// </summary>
    internal static bool TryView(SkBuff skb, out ReadOnlySpan<byte> payload)
    {
        payload = skb.Data[UdpHeader.Size..];
        return IsChecksumGood(skb);
    }

    /// <summary>
    /// The socket that an ICMP error is for (kernel: <c>__udp4_lib_err</c>). Null, and Icmp InErrors, when our datagram came from no socket.
    /// </summary>
    public static UdpEndpoint? OnIcmp(in IcmpNotice notice, UdpHashTable table, int ifIndex, int cpu, MibSet mib)
    {
        var endpoint = table.Lookup(
            new UdpLookup(notice.Destination, notice.DestinationPort, notice.Source, notice.SourcePort, ifIndex, cpu));
        if (endpoint is null) mib.Add(IcmpMib.InErrors);
        return endpoint;
    }

    private static bool IsChecksumGood(SkBuff skb) => SkbChecksum.Complete(skb, Pseudo(skb));

    private static uint Pseudo(SkBuff skb) =>
        InternetChecksum.PseudoHeader(skb.Cb.SourceAddress, skb.Cb.DestinationAddress, IpProtocols.Udp, skb.Length);

    private static SkbDropReason ChecksumError(MibSet mib)
    {
        mib.Add(UdpMib.InCsumErrors);
        return Error(mib, SkbDropReason.UDP_CSUM);
    }

    private static SkbDropReason Error(MibSet mib, SkbDropReason reason)
    {
        mib.Add(UdpMib.InErrors);
        return reason;
    }
}
