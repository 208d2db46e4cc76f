using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Ip;

/// <summary>ICMP input (RFC 792, RFC 1122 section 3.2.2; kernel: <c>icmp_rcv</c>, <c>icmp_unreach</c>, net/ipv4/icmp.c).</summary>
public static class IcmpInput
{
    private const byte HighestType = 18; // NR_ICMP_TYPES
    private const byte HighestUnreachableCode = 15; // NR_ICMP_UNREACH
    private const byte AddressMask = 17;

    /// <summary>
    /// Looks at a message; <see cref="SkBuff.Data"/> starts at the ICMP header. NOT_DROPPED_YET: the caller does what
    /// <paramref name="action"/> says and frees the packet as consumed. Otherwise the reason to free it with, counted already.
    /// </summary>
    public static SkbDropReason Receive(
        SkBuff skb, in Route route, IcmpSettings settings, MibSet mib, out IcmpAction action, out IcmpNotice notice)
    {
        (action, notice) = (IcmpAction.None, default);
        mib.Add(IcmpMib.InMsgs);
        if (!SkbChecksum.Complete(skb, 0))
        {
            mib.Add(IcmpMib.InCsumErrors);
            return Error(mib, SkbDropReason.ICMP_CSUM);
        }

        if (!IcmpHeader.TryParse(skb.Data, out var icmp)) return Error(mib, SkbDropReason.NOT_SPECIFIED);
        IcmpStats.CountIn(mib, icmp.Type);
        if (icmp.Type > HighestType) return Error(mib, SkbDropReason.UNHANDLED_PROTO);

        if (route.IsGroup)
        {
            var isEcho = icmp.Type is IcmpTypes.Echo or IcmpTypes.Timestamp;
            if ((isEcho && settings.EchoIgnoreBroadcasts) || (!isEcho && icmp.Type is not (AddressMask or AddressMask + 1)))
            {
                return Error(mib, SkbDropReason.INVALID_PROTO);
            }
        }

        switch (icmp.Type)
        {
            case IcmpTypes.EchoReply:
                action = IcmpAction.Pong;
                return SkbDropReason.NOT_DROPPED_YET;
            case IcmpTypes.Echo:
                if (!settings.EchoIgnoreAll) action = IcmpAction.Reply;
                return SkbDropReason.NOT_DROPPED_YET;
            case IcmpTypes.Timestamp:
                if (skb.Length < IcmpHeader.Size + 4) return Error(mib, SkbDropReason.PKT_TOO_SMALL);
                action = IcmpAction.Reply;
                return SkbDropReason.NOT_DROPPED_YET;
            case IcmpTypes.DestinationUnreachable or IcmpTypes.TimeExceeded or IcmpTypes.SourceQuench or IcmpTypes.ParameterProblem:
                return Unreachable(icmp, mib, ref action, ref notice);
            default: // redirects and masks are counted and discarded (icmp_discard): routes here change by configuration only
                return SkbDropReason.NOT_DROPPED_YET;
        }
    }

    /// <summary>Kernel: <c>icmp_unreach</c>, <c>icmp_socket_deliver</c>.</summary>
    private static SkbDropReason Unreachable(in IcmpHeader icmp, MibSet mib, ref IcmpAction action, ref IcmpNotice notice)
    {
        if (!Ipv4Header.TryOverlay(icmp.Payload, out var inner)) return Error(mib, SkbDropReason.NOT_SPECIFIED);
        if (inner.Ihl < 5) return Error(mib, SkbDropReason.IP_INHDR);
        var info = 0u;
        switch (icmp.Type)
        {
            case IcmpTypes.DestinationUnreachable when icmp.Code > HighestUnreachableCode:
            case IcmpTypes.TimeExceeded when icmp.Code == 1: // of reassembly: says nothing about the way
                return SkbDropReason.NOT_DROPPED_YET;
            case IcmpTypes.DestinationUnreachable when icmp.Code == 4:
                info = icmp.NextHopMtu;
                break;
            case IcmpTypes.ParameterProblem:
                info = icmp.Pointer;
                break;
        }

        if (icmp.Payload.Length < inner.HeaderLength + 8)
        {
            mib.Add(IcmpMib.InErrors);
            return SkbDropReason.NOT_DROPPED_YET; // as Linux: counted as an error, but used up
        }

        var transport = icmp.Payload[inner.HeaderLength..];
        action = IcmpAction.Notify;
        notice = new IcmpNotice(icmp.Type, icmp.Code, info, inner.Protocol, inner.SourceAddress, inner.DestinationAddress,
            BinaryPrimitives.ReadUInt16BigEndian(transport), BinaryPrimitives.ReadUInt16BigEndian(transport[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(transport[4..]));
        return SkbDropReason.NOT_DROPPED_YET;
    }

    private static SkbDropReason Error(MibSet mib, SkbDropReason reason)
    {
        mib.Add(IcmpMib.InErrors);
        return reason;
    }
}
