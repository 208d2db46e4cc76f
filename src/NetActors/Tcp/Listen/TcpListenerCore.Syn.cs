using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>A SYN (kernel: <c>tcp_conn_request</c>).</content>
public sealed partial class TcpListenerCore
{
    private ListenVerdict OnSyn(in ListenSegment syn, in ListenRoute route, MibSet mib, KernelTime now, ListenOutput output)
    {
        if (syn.IsToGroup) return Refuse(mib);
        var wantCookie = false;
        if (syn.TimeWaitIsn == 0 && (_host.Sysctls.TcpSyncookies == 2 || IsSynQueueFull))
        {
            wantCookie = _host.Sysctls.TcpSyncookies != 0; // tcp_syn_flood_action
            mib.Add(wantCookie ? LinuxMib.TCPReqQFullDoCookies : LinuxMib.TCPReqQFullDrop);
            if (!wantCookie) return Refuse(mib);
        }

        if (RefusesSyn)
        {
            mib.Add(LinuxMib.ListenOverflows);
            return Refuse(mib);
        }

        if (!wantCookie && syn.TimeWaitIsn == 0 && IsKeptForProven(syn, now)) return Refuse(mib);
        var request = wantCookie ? _cookieRequest : Rent();
        request.Init(syn, Endpoint.BoundDevice, TcpNegotiated.Of(syn.Options, _host.Sysctls, Options.UserMss, wantCookie));
        if (request.HasTimestamps) request.TimestampOffset = TimestampOffset(syn);
        NegotiateEcn(request, syn, route, wantCookie);
        request.AdvertisedMss = AdvertisedMss(route);
        SelectWindow(request, request.AdvertisedMss - (request.HasTimestamps ? 12u : 0), route);
        return wantCookie ? AnswerByCookie(request, syn, mib, now, output) : AnswerByRequest(request, syn, route, mib, now, output);
    }

    /// <summary>Nothing is kept: the peer brings all back with its ACK.</summary>
    private ListenVerdict AnswerByCookie(RequestSock request, in ListenSegment syn, MibSet mib, KernelTime now, ListenOutput output)
    {
        NoteOverflow(now);
        mib.Add(LinuxMib.SyncookiesSent);
        var mss = request.Mss;
        request.Isn = _host.Cookies.Generate(syn, ref mss, now);
        var timestamp = SynCookieTimestamp.Encode(request, Milliseconds(now));
        return SendSynAck(request, timestamp, NoCookie, mib, now, output);
    }

    private ListenVerdict AnswerByRequest(
        RequestSock request, in ListenSegment syn, in ListenRoute route, MibSet mib, KernelTime now, ListenOutput output)
    {
        request.Isn = syn.TimeWaitIsn != 0
            ? syn.TimeWaitIsn
            : _host.Secure.Sequence(syn.Destination, syn.DestinationPort, syn.Source, syn.SourcePort, now);
        var cookie = syn.Options.Has(TcpOptionSet.FastOpen) ? syn.Options.FastOpen : NoCookie;
        if (TryFastOpen(request, syn, route, mib, now, ref cookie))
        {
            BeginFastOpen(request, syn, mib, output);
            var verdict = SendSynAck(request, Milliseconds(now), cookie, mib, now, output);
            return verdict with { Effects = verdict.Effects | ListenEffects.Accepted };
        }

        if (!_host.Tables.TryInsert(request))
        {
            Return(request); // another CPU was quicker with the same SYN
            return ListenVerdict.Consumed;
        }

        CountAdded(request);
        Arm(request, now + Timeout(request));
        return SendSynAck(request, Milliseconds(now), cookie, mib, now, output);
    }

    /// <summary>
    /// Without cookies the last quarter of <c>tcp_max_syn_backlog</c> is for peers that have finished a connection before.
    /// </summary>
    private bool IsKeptForProven(in ListenSegment syn, KernelTime now)
    {
        var sysctls = _host.Sysctls;
        return sysctls.TcpSyncookies == 0 && sysctls.TcpMaxSynBacklog - SynQueueLength < sysctls.TcpMaxSynBacklog >> 2
            && !_host.Metrics.IsProven(syn.Destination, syn.Source, now);
    }

    /// <summary>Accurate ECN where both want it (RFC 9768 section 3.1.2), else ECN; a cookie needs a time stamp to keep either.</summary>
    private void NegotiateEcn(RequestSock request, in ListenSegment syn, in ListenRoute route, bool wantCookie)
    {
        var isAccurate = _host.Sysctls.TcpEcn >= 3 && TcpAccurateEcn.IsAskedBy(syn.Flags);
        request.HasEcn = (isAccurate || WantsEcn(syn, route)) && (!wantCookie || request.HasTimestamps);
        if (isAccurate) request.AccurateEcn = new TcpAccurateEcnHandshake(true, (EcnCodepoint)(syn.Tos & 3), default, default);
    }

    /// <summary>
    /// The peer asks for ECN and we want it too; a SYN that is marked in the IP header is a network's bad game, unless the congestion
    /// control wants it so (RFC 3168 section 6.1.1; kernel: <c>tcp_ecn_create_request</c>).
    /// </summary>
    private bool WantsEcn(in ListenSegment syn, in ListenRoute route)
    {
        if (!syn.Has(TcpFlags.Ece | TcpFlags.Cwr)) return false;
        var unmarked = !syn.IsEcnCapable || syn.Has(TcpFlags.Ae);
        return (unmarked && (_host.Sysctls.TcpEcn != 0 || route.Ecn)) || Options.NeedsEcn;
    }

    /// <summary>Kernel: <c>tcp_mss_clamp</c>.</summary>
    private ushort AdvertisedMss(in ListenRoute route) =>
        Options.UserMss != 0 ? Math.Min(Options.UserMss, route.AdvertisedMss) : route.AdvertisedMss;

    /// <summary>Kernel: <c>tcp_openreq_init_rwin</c>.</summary>
    private void SelectWindow(RequestSock request, uint mss, in ListenRoute route)
    {
        var clamp = Options.WindowClamp != 0 ? Options.WindowClamp : route.Window;
        var space = Options.FullSpace;
        if (Options.IsReceiveBufferLocked && (clamp > space || clamp == 0)) clamp = space;
        var window = TcpInitialWindow.Select(space, mss, clamp, request.IsWindowScaled, route.InitialReceiveWindow, _host.Sysctls);
        (request.ReceiveWindow, request.WindowClamp, request.ReceiveWindowScale) = (window.Window, window.Clamp, window.Scale);
    }

    private uint TimestampOffset(in ListenSegment segment) =>
        _host.Sysctls.TcpTimestamps == 1 ? _host.Secure.TimestampOffset(segment.Destination, segment.Source) : 0;
}
