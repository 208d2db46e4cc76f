using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>ACKs that bring back a cookie (kernel: <c>cookie_v4_check</c>).</content>
public sealed partial class TcpListenerCore
{
    private static readonly KernelTime Second = KernelTime.FromSeconds(1);

    private KernelTime LastSynQueueOverflow => Endpoint.Group?.LastSynQueueOverflow ?? _lastSynQueueOverflow;

    /// <summary>
    /// False when the segment has no cookie of ours: the listener goes on with it. Else it ends with <paramref name="verdict"/>.
    /// </summary>
    private bool TryCookie(
        in ListenSegment ack, in ListenRoute route, MibSet mib, KernelTime now, ListenOutput output, out ListenVerdict verdict)
    {
        verdict = default;
        if (_host.Sysctls.TcpSyncookies == 0 || !ack.Has(TcpFlags.Ack) || ack.Has(TcpFlags.Rst) || !HasOverflowedLately(now)) return false;
        var mss = _host.Cookies.Check(ack, now);
        mib.Add(mss == 0 ? LinuxMib.SyncookiesFailed : LinuxMib.SyncookiesRecv);
        if (mss == 0 || !TryRestore(ack, mss, route)) return false;
        verdict = AcceptCookie(ack, route, mib, output);
        return true;
    }

    /// <summary>
    /// Makes the request of a SYN that was not kept, from the cookie and the options in the echoed time stamp. False when an option is
    /// switched off by now.
    /// </summary>
    private bool TryRestore(in ListenSegment ack, ushort mss, in ListenRoute route)
    {
        var options = new TcpNegotiated(mss, false, 0, false, 0, false);
        var (offset, ecn) = (0u, false);
        if (_host.Sysctls.TcpTimestamps != 0 && ack.Options.Has(TcpOptionSet.Timestamps))
        {
            var echo = ack.Options.TimestampEcho;
            if (echo != 0) echo -= offset = TimestampOffset(ack);
            if (!SynCookieTimestamp.TryDecode(echo, ack.Options.TimestampValue, mss, _host.Sysctls, out options, out ecn)) return false;
        }

        _cookieRequest.Init(ack, Endpoint.BoundDevice, options);
        (_cookieRequest.PeerIsn, _cookieRequest.ReceiveNext) = (ack.Sequence - 1, ack.Sequence);
        (_cookieRequest.Isn, _cookieRequest.TimestampOffset) = (ack.Acknowledgment - 1, offset);
        _cookieRequest.HasEcn = ecn && (_host.Sysctls.TcpEcn != 0 || route.Ecn);
        if (_cookieRequest.HasEcn && TcpAccurateEcn.AceOf(ack.Flags) > 1) // cookie_accecn_ok
            _cookieRequest.AccurateEcn = new TcpAccurateEcnHandshake(true, EcnCodepoint.NotEct, default, default);
        return true;
    }

    /// <summary>Kernel: <c>tcp_get_cookie_sock</c>.</summary>
    private ListenVerdict AcceptCookie(in ListenSegment ack, in ListenRoute route, MibSet mib, ListenOutput output)
    {
        if (IsAcceptQueueFull)
        {
            mib.Add(LinuxMib.ListenOverflows);
            CountDrop(mib);
            return new ListenVerdict(ListenEffects.None, SkbDropReason.NO_SOCKET);
        }

        _cookieRequest.AdvertisedMss = AdvertisedMss(route);
        SelectWindow(_cookieRequest, _cookieRequest.Mss, route); // Linux measures by the peer's MSS here
        Fill(ref output.Handshake, _cookieRequest, mib);
        output.Handshake.SendWindow = (uint)ack.Window << _cookieRequest.SendWindowScale;
        output.Handshake.IsCookie = true;
        return new ListenVerdict(ListenEffects.Accepted, SkbDropReason.CONSUMED);
    }

    /// <summary>
    /// The queue overflows: ACKs may bring cookies for two minutes from now on (kernel: <c>tcp_synq_overflow</c>, which writes once a
    /// second at most).
    /// </summary>
    private void NoteOverflow(KernelTime now)
    {
        var last = LastSynQueueOverflow;
        if (!last.IsNever && now >= last && now <= last + Second) return;
        if (Endpoint.Group is { } group) group.LastSynQueueOverflow = now;
        else _lastSynQueueOverflow = now;
    }

    /// <summary>Kernel: <c>tcp_synq_no_recent_overflow</c>, with a second of grace for clocks of other CPUs.</summary>
    private bool HasOverflowedLately(KernelTime now)
    {
        var last = LastSynQueueOverflow;
        return !last.IsNever && now >= last - Second && now <= last + SynCookies.Valid;
    }
}
