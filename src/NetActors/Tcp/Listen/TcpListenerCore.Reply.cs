using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>What goes back to the peer (kernel: <c>tcp_make_synack</c>, <c>tcp_rtx_synack</c>, <c>tcp_v4_reqsk_send_ack</c>).</content>
public sealed partial class TcpListenerCore
{
    private const byte EcnBits = 3; // INET_ECN_MASK
    private static readonly FastOpenCookie NoCookie = new(0, -1, false);

    /// <summary>
    /// Sends the SYN-ACK of a Fast Open child again, when its timer says so (kernel: <c>tcp_rtx_synack</c>, of
    /// <c>tcp_fastopen_synack_timer</c>).
    /// </summary>
    public static void RetransmitSynAck(RequestSock request, MibSet mib, KernelTime now, ListenOutput output)
    {
        SendSynAck(request, Milliseconds(now), NoCookie, mib, now, output, isRetransmission: true);
        mib.Add(TcpMib.RetransSegs);
        mib.Add(LinuxMib.TCPSynRetrans);
        request.Retransmissions++;
    }

    /// <summary>
    /// Writes a SYN-ACK: the MSS always, then what was negotiated, and a Fast Open cookie that was asked for. Its window is never scaled.
    /// </summary>
    private static ListenVerdict SendSynAck(
        RequestSock request, uint clock, FastOpenCookie cookie, MibSet mib, KernelTime now, ListenOutput output, bool isRetransmission = false)
    {
        ref var reply = ref output.Reply;
        reply = TcpReply.To(request);
        (reply.Sequence, reply.Acknowledgment) = (request.Isn, request.ReceiveNext);
        reply.Tos = ReflectedTos(request);
        reply.Flags = TcpFlags.Syn | TcpFlags.Ack | EcnFlags(request, isRetransmission);
        reply.Window = (ushort)Math.Min(request.ReceiveWindow, ushort.MaxValue);
        (reply.Options.Present, reply.Options.Mss) = (TcpOptionSet.Mss, request.AdvertisedMss);
        if (request.IsWindowScaled)
        {
            reply.Options.Present |= TcpOptionSet.WindowScale;
            reply.Options.WindowScale = request.ReceiveWindowScale;
        }

        if (request.HasTimestamps) PutTimestamps(request, clock, ref reply.Options);
        if (request.HasSack) reply.Options.Present |= TcpOptionSet.SackPermitted;
        if (cookie.Length >= 0)
        {
            reply.Options.Present |= TcpOptionSet.FastOpen;
            reply.Options.FastOpen = cookie;
        }

        if (request.AccurateEcn.IsNegotiated && request.Listener._host.Sysctls.TcpEcnOption != 0 && !isRetransmission) TcpAccurateEcn.FillSynAckOption(ref reply.Options);
        if (request.SynAckSentAt.IsNever) request.SynAckSentAt = now;
        mib.Add(TcpMib.OutSegs);
        return new ListenVerdict(ListenEffects.Reply, SkbDropReason.CONSUMED);
    }

    /// <summary>
    /// ECN is granted; the third SYN-ACK gives accurate ECN up, for its bits may be why there is no answer (kernel:
    /// <c>tcp_ecn_make_synack</c>).
    /// </summary>
    private static TcpFlags EcnFlags(RequestSock request, bool isRetransmission)
    {
        if (!request.AccurateEcn.IsNegotiated) return request.HasEcn ? TcpFlags.Ece : TcpFlags.None;
        return isRetransmission && request.Timeouts > 0 ? TcpFlags.None : TcpAccurateEcn.Reflect(request.AccurateEcn.SynMark);
    }

    /// <summary>With <c>tcp_reflect_tos</c> the DSCP of the SYN; null without (kernel: <c>tcp_v4_send_synack</c>).</summary>
    private static byte? ReflectedTos(RequestSock request) => request.Listener._host.Sysctls.TcpReflectTos ? (byte)(request.SynTos & ~EcnBits) : null;

    /// <summary>Keeps the range of our time stamps, which an echo must lie in.</summary>
    private static void PutTimestamps(RequestSock request, uint clock, ref TcpOptions options)
    {
        options.Present |= TcpOptionSet.Timestamps;
        var value = clock + request.TimestampOffset;
        if (request.FirstTimestamp == 0)
        {
            if (value == 0) value = uint.MaxValue; // 0 stands for "none yet"
            request.FirstTimestamp = value;
        }

        request.LastTimestamp = value;
        (options.TimestampValue, options.TimestampEcho) = (value, request.TimestampRecent);
    }

    /// <summary>The ACK for a segment out of window: what we expect and offer.</summary>
    private static ListenVerdict SendAck(
        RequestSock request, MibSet mib, KernelTime now, ListenOutput output, SkbDropReason reason)
    {
        ref var reply = ref output.Reply;
        reply = TcpReply.To(request);
        (reply.Sequence, reply.Acknowledgment, reply.Flags) = (request.Isn + 1, request.ReceiveNext, TcpFlags.Ack);
        reply.Window = (ushort)(SynAckWindow(request) >> request.ReceiveWindowScale);
        if (request.TimestampRecent != 0)
        {
            reply.Options.Present = TcpOptionSet.Timestamps;
            reply.Options.TimestampValue = Milliseconds(now) + request.TimestampOffset;
            reply.Options.TimestampEcho = request.TimestampRecent;
        }

        mib.Add(TcpMib.OutSegs);
        return new ListenVerdict(ListenEffects.Reply, reason);
    }

    /// <summary>What the peer knows of our window (kernel: <c>tcp_synack_window</c>).</summary>
    private static uint SynAckWindow(RequestSock request) => Math.Min(request.ReceiveWindow, ushort.MaxValue);

    /// <summary>The clock of time stamps (kernel: <c>tcp_clock_ms</c>).</summary>
    private static uint Milliseconds(KernelTime now) => (uint)(now.Nanoseconds / 1_000_000);
}
