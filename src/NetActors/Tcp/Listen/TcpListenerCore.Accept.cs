using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>What a connection begins with.</content>
public sealed partial class TcpListenerCore
{
    /// <summary>The handshake is done (kernel: <c>tcp_v4_syn_recv_sock</c>).</summary>
    private ListenVerdict Accept(RequestSock request, in ListenSegment ack, MibSet mib, ListenOutput output)
    {
        Fill(ref output.Handshake, request, mib);
        output.Handshake.SendWindow = (uint)ack.Window << request.SendWindowScale;
        var stamped = _host.Sysctls.TcpTimestamps != 0 && ack.Options.Has(TcpOptionSet.Timestamps);
        if (stamped && !TcpSeq.After(ack.Sequence, request.ReceiveNext)) output.Handshake.TimestampRecent = ack.Options.TimestampValue;
        Drop(request);
        return new ListenVerdict(ListenEffects.Accepted, SkbDropReason.CONSUMED);
    }

    /// <summary>Kernel: <c>tcp_create_openreq_child</c>.</summary>
    private static void Fill(ref AcceptedHandshake handshake, RequestSock request, MibSet mib)
    {
        mib.Add(TcpMib.PassiveOpens);
        handshake = new AcceptedHandshake
        {
            LocalAddress = request.LocalAddress,
            LocalPort = request.LocalPort,
            RemoteAddress = request.RemoteAddress,
            RemotePort = request.RemotePort,
            Isn = request.Isn,
            PeerIsn = request.PeerIsn,
            Mss = request.Mss,
            AdvertisedMss = request.AdvertisedMss,
            IsWindowScaled = request.IsWindowScaled,
            SendWindowScale = request.SendWindowScale,
            ReceiveWindowScale = request.ReceiveWindowScale,
            HasSack = request.HasSack,
            HasTimestamps = request.HasTimestamps,
            HasEcn = request.HasEcn,
            AccurateEcn = request.AccurateEcn,
            TimestampOffset = request.TimestampOffset,
            TimestampRecent = request.TimestampRecent,
            ReceiveWindow = request.ReceiveWindow,
            WindowClamp = request.IsWindowScaled ? request.WindowClamp : Math.Min(request.WindowClamp, ushort.MaxValue),
            SynAckSentAt = request.Retransmissions == 0 ? request.SynAckSentAt : KernelTime.Never,
            FirstSynAckAt = request.SynAckSentAt,
            Retransmissions = request.Retransmissions,
            Timeouts = request.Timeouts,
            Tos = ReflectedTos(request),
            Mark = request.Listener._host.Sysctls.TcpFwmarkAccept ? request.SynMark : 0,
        };
    }
}
