using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>Fast Open of the server (RFC 7413; kernel: <c>tcp_try_fastopen</c>).</content>
public sealed partial class TcpListenerCore
{
    /// <summary>
    /// A segment for a Fast Open child in SYN_RECV or FIN_WAIT1 whose handshake is not over (kernel: <c>tcp_check_req</c> with
    /// <c>fastopen</c>).
    /// </summary>
    /// <param name="request"><see cref="AcceptedHandshake.FastOpen"/>.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="sendNext">The child's next sequence number, which an ACK carries: it may have sent data.</param>
    /// <param name="mib">The CPU's counters.</param>
    /// <param name="now">The time.</param>
    /// <param name="output">Gets what the verdict speaks of.</param>
    /// <returns>
    /// ToChild when the child may see it; ResetChild when a RST ends it, and <see cref="OnFastOpenDone"/> is to follow; else an answer or
    /// nothing.
    /// </returns>
    public ListenVerdict OnFastOpenSegment(
        RequestSock request, in ListenSegment segment, uint sendNext, MibSet mib, KernelTime now, ListenOutput output)
    {
        if (IsAcceptable(request, segment, isFastOpen: true, mib, now, output, out var verdict))
        {
            return new ListenVerdict(ListenEffects.ToChild, SkbDropReason.CONSUMED);
        }

        if (verdict.Effects == ListenEffects.Reply && output.Reply.Flags == TcpFlags.Ack) output.Reply.Sequence = sendNext;
        return verdict.Reason == SkbDropReason.TCP_RESET ? verdict with { Effects = ListenEffects.ResetChild } : verdict;
    }

    /// <summary>
    /// The handshake of a Fast Open child is over (kernel: <c>reqsk_fastopen_remove</c>). The child lets go of the request.
    /// </summary>
    /// <param name="request"><see cref="AcceptedHandshake.FastOpen"/>.</param>
    /// <param name="reset">A RST ended it.</param>
    /// <param name="now">The time.</param>
    public void OnFastOpenDone(RequestSock request, bool reset, KernelTime now)
    {
        request.IsFastOpen = false;
        FastOpen.Remove(request.IsChildAccepted && reset && Endpoint.IsListening, now);
        if (request.IsChildAccepted) Return(request); // else accept gives it back
    }

    /// <summary>
    /// True when the data of the SYN may go to a child at once. <paramref name="cookie"/> comes from the SYN and becomes what the SYN-ACK
    /// carries.
    /// </summary>
    private bool TryFastOpen(
        RequestSock request, in ListenSegment syn, in ListenRoute route, MibSet mib, KernelTime now, ref FastOpenCookie cookie)
    {
        if (cookie.Length == 0) mib.Add(LinuxMib.TCPFastOpenCookieReqd);
        var modes = _host.Sysctls.TcpFastopen;
        var hasData = syn.EndSequence != syn.Sequence + 1;
        if ((modes & FastOpenModes.ServerEnable) == 0 || (!hasData && cookie.Length < 0) || !FastOpen.HasRoom(mib, now))
        {
            cookie = NoCookie;
            return false;
        }

        var withoutCookie = (modes & FastOpenModes.ServerCookieNotRequired) != 0 || Options.FastOpenWithoutCookie
            || route.FastOpenWithoutCookie;
        var key = withoutCookie ? 1 : CheckCookie(syn, mib, ref cookie);
        if (key == 0) return false;
        if (key == 2) mib.Add(LinuxMib.TCPFastOpenPassiveAltKey); // the client learns the cookie of the first key
        else cookie = NoCookie;
        mib.Add(LinuxMib.TCPFastOpenPassive);
        request.IsFastOpen = true;
        return true;
    }

    /// <summary>
    /// The number of the key that the SYN's cookie fits; 0 for none: then the right cookie goes back, if one was asked for.
    /// </summary>
    private int CheckCookie(in ListenSegment syn, MibSet mib, ref FastOpenCookie cookie)
    {
        if (cookie.Length < 0) return 0;
        var keys = Options.FastOpenKeys ?? _host.FastOpenKeys;
        var key = keys.Check(cookie, syn.Source, syn.Destination, out var current);
        if (cookie.Length > 0 && key == 0) mib.Add(LinuxMib.TCPFastOpenPassiveFail);
        cookie = current with { Experimental = cookie.Experimental };
        return key;
    }

    /// <summary>Kernel: <c>tcp_fastopen_create_child</c>.</summary>
    private void BeginFastOpen(RequestSock request, in ListenSegment syn, MibSet mib, ListenOutput output)
    {
        FastOpen.Add();
        request.ReceiveNext = syn.EndSequence;
        Fill(ref output.Handshake, request, mib);
        output.Handshake.SendWindow = syn.Window; // a SYN's window is not scaled
        output.Handshake.FastOpen = request;
        output.Handshake.SynDataLength = syn.PayloadLength;
    }
}
