using System.Globalization;
using System.Text;

namespace NetActors.Observe;

/// <summary>The numbers of a connection in ss's words and order (iproute2: <c>tcp_stats_print</c>).</summary>
internal static class SocketNumbers
{
    private const long DefaultReordering = 3;

    /// <summary>The words, each with a blank before it; empty for an entry without numbers.</summary>
    public static string Of(TcpSocketSnapshot socket)
    {
        if (socket.Info is not { } info) return "";
        var text = new StringBuilder();
        AddOptions(text, info);
        AddTimes(text, info);
        AddCounts(text, info);
        AddRates(text, info);
        AddLosses(text, info, socket.State == "LISTEN");
        AddReceiver(text, info);
        return text.ToString();
    }

    private static void AddOptions(StringBuilder text, TcpInfoSnapshot info)
    {
        if (info.Timestamps) text.Append(" ts");
        if (info.Sack) text.Append(" sack");
        if (info.Ecn) text.Append(" ecn");
        if (info.EcnSeen) text.Append(" ecnseen");
        if (info.SynData) text.Append(" fastopen");
        if (info.Congestion.Length > 0) text.Append(' ').Append(info.Congestion);
        if (info.Wscale) text.Append(CultureInfo.InvariantCulture, $" wscale:{info.SndWscale},{info.RcvWscale}");
    }

    private static void AddTimes(StringBuilder text, TcpInfoSnapshot info)
    {
        if (info.Rto is not (0 or 3_000_000)) text.Append(" rto:").Append(Milliseconds(info.Rto));
        Add(text, "backoff", info.Backoff);
        if (info.Rtt > 0) text.Append(" rtt:").Append(Milliseconds(info.Rtt)).Append('/').Append(Milliseconds(info.Rttvar));
        if (info.Ato > 0) text.Append(" ato:").Append(Milliseconds(info.Ato));
        Add(text, "mss", info.SndMss);
        Add(text, "pmtu", info.Pmtu);
        Add(text, "rcvmss", info.RcvMss);
        Add(text, "advmss", info.Advmss);
        Add(text, "cwnd", info.SndCwnd);
        if (info.SndSsthresh < 0xFFFF) Add(text, "ssthresh", info.SndSsthresh);
    }

    private static void AddCounts(StringBuilder text, TcpInfoSnapshot info)
    {
        Add(text, "bytes_sent", info.BytesSent);
        Add(text, "bytes_retrans", info.BytesRetrans);
        Add(text, "bytes_acked", info.BytesAcked);
        Add(text, "bytes_received", info.BytesReceived);
        Add(text, "segs_out", info.SegsOut);
        Add(text, "segs_in", info.SegsIn);
        Add(text, "data_segs_out", info.DataSegsOut);
        Add(text, "data_segs_in", info.DataSegsIn);
        if (info.CongestionDetail.Length > 0) text.Append(' ').Append(info.CongestionDetail);
    }

    private static void AddRates(StringBuilder text, TcpInfoSnapshot info)
    {
        if (info is { Rtt: > 0, SndMss: > 0, SndCwnd: > 0 })
            text.Append(" send ").Append(Bits((double)info.SndCwnd * info.SndMss * 8_000_000 / info.Rtt));
        Add(text, "lastsnd", info.LastDataSent);
        Add(text, "lastrcv", info.LastDataRecv);
        Add(text, "lastack", info.LastAckRecv);
        if (info.PacingRate is not (0 or ulong.MaxValue))
        {
            text.Append(" pacing_rate ").Append(Bits(info.PacingRate * 8.0));
            if (info.MaxPacingRate is not (0 or ulong.MaxValue)) text.Append('/').Append(Bits(info.MaxPacingRate * 8.0));
        }

        if (info.DeliveryRate > 0) text.Append(" delivery_rate ").Append(Bits(info.DeliveryRate * 8.0));
        Add(text, "delivered", info.Delivered);
        Add(text, "delivered_ce", info.DeliveredCe);
        if (info.DeliveryRateAppLimited) text.Append(" app_limited");
        if (info.BusyTime == 0) return;
        text.Append(CultureInfo.InvariantCulture, $" busy:{info.BusyTime / 1000}ms");
        AddShare(text, "rwnd_limited", info.RwndLimited, info.BusyTime);
        AddShare(text, "sndbuf_limited", info.SndbufLimited, info.BusyTime);
    }

    private static void AddLosses(StringBuilder text, TcpInfoSnapshot info, bool isListener)
    {
        Add(text, "unacked", info.Unacked);
        if (info.Retrans > 0 || info.TotalRetrans > 0) text.Append(CultureInfo.InvariantCulture, $" retrans:{info.Retrans}/{info.TotalRetrans}");
        Add(text, "lost", info.Lost);
        if (!isListener) Add(text, "sacked", info.Sacked);
        Add(text, "dsack_dups", info.DsackDups);
        Add(text, "fackets", info.Fackets);
        if (info.Reordering != DefaultReordering) text.Append(CultureInfo.InvariantCulture, $" reordering:{info.Reordering}");
        Add(text, "reord_seen", info.ReordSeen);
    }

    private static void AddReceiver(StringBuilder text, TcpInfoSnapshot info)
    {
        if (info.RcvRtt > 0) text.Append(" rcv_rtt:").Append(Milliseconds(info.RcvRtt));
        Add(text, "rcv_space", info.RcvSpace);
        Add(text, "rcv_ssthresh", info.RcvSsthresh);
        Add(text, "notsent", info.NotsentBytes);
        if (info.MinRtt is not (0 or uint.MaxValue)) text.Append(" minrtt:").Append(Milliseconds(info.MinRtt));
        Add(text, "rcv_ooopack", info.RcvOoopack);
        Add(text, "snd_wnd", info.SndWnd);
        Add(text, "rcv_wnd", info.RcvWnd);
        Add(text, "rehash", info.Rehash);
    }

    private static void Add(StringBuilder text, string name, long value)
    {
        if (value != 0) text.Append(CultureInfo.InvariantCulture, $" {name}:{value}");
    }

    private static void Add(StringBuilder text, string name, ulong value) => Add(text, name, (long)value);

    private static void AddShare(StringBuilder text, string name, ulong time, ulong busy)
    {
        if (time != 0) text.Append(CultureInfo.InvariantCulture, $" {name}:{time / 1000}ms({100.0 * time / busy:F1}%)");
    }

    /// <summary>Microseconds as C's %g prints milliseconds.</summary>
    private static string Milliseconds(long microseconds) => (microseconds / 1000.0).ToString("g6", CultureInfo.InvariantCulture);

    private static string Bits(double rate) => rate.ToString("F0", CultureInfo.InvariantCulture) + "bps";
}
