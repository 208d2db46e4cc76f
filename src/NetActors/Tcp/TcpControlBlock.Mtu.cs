using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The size of segments, and what ICMP says of the path (RFC 1191, RFC 4821, RFC 5927; kernel: <c>tcp_sync_mss</c>, <c>tcp_v4_err</c>).
/// </summary>
public sealed partial class TcpControlBlock
{
    private int _pmtuCookie; // icsk_pmtu_cookie

    /// <summary>The payload of a full segment now, SACK blocks that it carries taken off (kernel: <c>tcp_current_mss</c>).</summary>
    public int CurrentMss()
    {
        if (Path.Mtu != _pmtuCookie) SyncMss(Path.Mtu);
        var options = default(TcpOptions);
        FillOptions(ref options);
        return _sender.Mss - (TcpHeader.Size + TcpOptionsWriter.Length(options) - _headerLength);
    }

    /// <summary>The route or its device changed (kernel: <c>sk_setup_caps</c>).</summary>
    public void SetPath(TcpPath path) => Path = path;

    /// <summary>
    /// An ICMP error about a segment of ours (kernel: <c>tcp_v4_err</c>). It is believed when its sequence number is outstanding (RFC
    /// 5927 section 4); a handshake ends by it, an established connection remembers it.
    /// </summary>
    public TcpEffects OnIcmp(in IcmpNotice notice, KernelTime now)
    {
        Begin(now);
        if (State is TcpState.Close or TcpState.Listen) return TcpEffects.None;
        var first = _isFastOpenChild ? SndUna - 1 : SndUna; // the SYN-ACK is the request's, and not acknowledged yet
        if (!TcpSeq.Between(notice.TransportWord, first, SndNxt))
        {
            Mib.Add(LinuxMib.OutOfWindowIcmps);
            return TcpEffects.None;
        }

        if (notice.Type == IcmpTypes.DestinationUnreachable && notice.Code == 4) OnPathMtu((int)notice.Info);
        else if (notice.ToErrno(out _) is var error && error != Errno.None) OnIcmpError(error);
        return End();
    }

    private void OnIcmpError(Errno error)
    {
        var isAcceptedChild = _isFastOpenChild && HasSocket; // a program has it: treated as a connection
        if (State is TcpState.SynSent or TcpState.SynRecv && !isAcceptedChild)
        {
            DoneWithError(error);
        }
        else if (Options.RecvErr)
        {
            Error = error;
            _effects |= TcpEffects.Error;
        }
        else
        {
            SoftError = error;
        }
    }

    /// <summary>A router asks for smaller packets (kernel: <c>tcp_v4_mtu_reduced</c>).</summary>
    private void OnPathMtu(int mtu)
    {
        if (Options.NoPathMtuDiscovery) return;
        mtu = Math.Max(mtu, Math.Min(Sysctls.RouteMinPmtu, Path.Mtu));
        if (mtu >= Path.Mtu) return;
        Path = Path with { Mtu = mtu, AdvMss = Path.EffectiveAdvMss };
        if (_pmtuCookie <= mtu) return;
        SyncMss(mtu);
        if (_sender.OnMtuReduced(_sender.Mss, _now)) Retransmit();
    }

    /// <summary>Derives the MSS from the path MTU, the peer's option and half its window (kernel: <c>tcp_sync_mss</c>).</summary>
    private void SyncMss(int mtu)
    {
        var mss = BoundToHalfWindow(MtuToMss(mtu));
        _pmtuCookie = mtu;
        _sender.HeaderBytes = _headerLength + Path.NetworkHeaderLength;
        if (_sender.MtuProbe is { } probe)
        {
            probe.SearchHigh = Math.Min(probe.SearchHigh, mtu);
            mss = Math.Min(mss, MtuToMss(probe.SearchLow));
        }

        _sender.Mss = mss;
    }

    private int MtuToMss(int mtu)
    {
        var mss = Math.Min(mtu - Path.NetworkHeaderLength - TcpHeader.Size, _mssClamp);
        return Math.Max(mss, Sysctls.TcpMinSndMss) - (_headerLength - TcpHeader.Size);
    }

    private int MssToMtu(int mss) => mss + _headerLength + Path.NetworkHeaderLength;

    /// <summary>Two segments must fit the largest window, unless that is tiny (kernel: <c>tcp_bound_to_half_wnd</c>).</summary>
    private int BoundToHalfWindow(int bytes)
    {
        var window = _sender.MaxWindow;
        var cutoff = (int)Math.Min(window > TcpConstants.MssDefault ? window >> 1 : window, int.MaxValue);
        return cutoff > 0 && bytes > cutoff ? Math.Max(cutoff, 68 - _headerLength) : bytes;
    }
}
