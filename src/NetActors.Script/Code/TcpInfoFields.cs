using System.Buffers.Binary;

namespace NetActors.Script.Code;

/// <summary>
/// The variables that code sees, read from what <c>getsockopt()</c> answers (include/uapi/linux/tcp.h, inet_diag.h, sock_diag.h;
/// packetdrill: code.c).
/// </summary>
internal static class TcpInfoFields
{
    private static readonly (string Name, int Offset, int Size, int Shift, int Bits)[] Info =
    [
        ("tcpi_state", 0, 1, 0, 8), ("tcpi_ca_state", 1, 1, 0, 8), ("tcpi_retransmits", 2, 1, 0, 8), ("tcpi_probes", 3, 1, 0, 8),
        ("tcpi_backoff", 4, 1, 0, 8), ("tcpi_options", 5, 1, 0, 8), ("tcpi_snd_wscale", 6, 1, 0, 4), ("tcpi_rcv_wscale", 6, 1, 4, 4),
        ("tcpi_delivery_rate_app_limited", 7, 1, 0, 1), ("tcpi_fastopen_client_fail", 7, 1, 1, 2), Word("tcpi_rto", 8),
        Word("tcpi_ato", 12),
        Word("tcpi_snd_mss", 16), Word("tcpi_rcv_mss", 20), Word("tcpi_unacked", 24), Word("tcpi_sacked", 28), Word("tcpi_lost", 32),
        Word("tcpi_retrans", 36), Word("tcpi_fackets", 40), Word("tcpi_last_data_sent", 44), Word("tcpi_last_ack_sent", 48),
        Word("tcpi_last_data_recv", 52), Word("tcpi_last_ack_recv", 56), Word("tcpi_pmtu", 60), Word("tcpi_rcv_ssthresh", 64),
        Word("tcpi_rtt", 68), Word("tcpi_rttvar", 72), Word("tcpi_snd_ssthresh", 76), Word("tcpi_snd_cwnd", 80), Word("tcpi_advmss", 84),
        Word("tcpi_reordering", 88), Word("tcpi_rcv_rtt", 92), Word("tcpi_rcv_space", 96), Word("tcpi_total_retrans", 100),
        Long("tcpi_pacing_rate", 104), Long("tcpi_max_pacing_rate", 112), Long("tcpi_bytes_acked", 120), Long("tcpi_bytes_received", 128),
        Word("tcpi_segs_out", 136), Word("tcpi_segs_in", 140), Word("tcpi_notsent_bytes", 144), Word("tcpi_min_rtt", 148),
        Word("tcpi_data_segs_in", 152), Word("tcpi_data_segs_out", 156), Long("tcpi_delivery_rate", 160), Long("tcpi_busy_time", 168),
        Long("tcpi_rwnd_limited", 176), Long("tcpi_sndbuf_limited", 184), Word("tcpi_delivered", 192), Word("tcpi_delivered_ce", 196),
        Long("tcpi_bytes_sent", 200), Long("tcpi_bytes_retrans", 208), Word("tcpi_dsack_dups", 216), Word("tcpi_reord_seen", 220),
        Word("tcpi_rcv_ooopack", 224), Word("tcpi_snd_wnd", 228), Word("tcpi_rcv_wnd", 232), Word("tcpi_rehash", 236),
        ("tcpi_total_rto", 240, 2, 0, 16), ("tcpi_total_rto_recoveries", 242, 2, 0, 16), Word("tcpi_total_rto_time", 244),
        Word("tcpi_received_ce", 248), Word("tcpi_delivered_e1_bytes", 252), Word("tcpi_delivered_e0_bytes", 256),
        Word("tcpi_delivered_ce_bytes", 260), Word("tcpi_received_e1_bytes", 264), Word("tcpi_received_e0_bytes", 268),
        Word("tcpi_received_ce_bytes", 272), ("tcpi_accecn_fail_mode", 276, 2, 0, 16), ("tcpi_accecn_opt_seen", 278, 2, 0, 16),
    ];

    private static readonly (string Name, int Offset, int Size, int Shift, int Bits)[] Bbr =
    [
        Word("bbr_bw_lo", 0), Word("bbr_bw_hi", 4), Long("bbr_bw", 0), Word("bbr_min_rtt", 8), Word("bbr_pacing_gain", 12),
        Word("bbr_cwnd_gain", 16),
    ];

    private static readonly (string Name, int Offset, int Size, int Shift, int Bits)[] Dctcp =
    [
        ("dctcp_enabled", 0, 2, 0, 16), ("dctcp_ce_state", 2, 2, 0, 16), Word("dctcp_alpha", 4), Word("dctcp_ab_ecn", 8),
        Word("dctcp_ab_tot", 12),
    ];

    private static readonly (string Name, int Offset, int Size, int Shift, int Bits)[] Memory =
    [
        Word("SK_MEMINFO_RMEM_ALLOC", 0), Word("SK_MEMINFO_RCVBUF", 4), Word("SK_MEMINFO_WMEM_ALLOC", 8), Word("SK_MEMINFO_SNDBUF", 12),
        Word("SK_MEMINFO_FWD_ALLOC", 16), Word("SK_MEMINFO_WMEM_QUEUED", 20), Word("SK_MEMINFO_OPTMEM", 24), Word("SK_MEMINFO_BACKLOG", 28),
        Word("SK_MEMINFO_DROPS", 32),
    ];

    /// <summary>Bytes of <c>struct tcp_info</c> as it is known here.</summary>
    public const int InfoSize = 280;

    /// <summary>Bytes of the largest <c>union tcp_cc_info</c>, that of BBR.</summary>
    public const int CongestionSize = 20;

    /// <summary>Bytes of SO_MEMINFO's array.</summary>
    public const int MemorySize = 36;

    /// <summary>The names of all variables.</summary>
    public static IEnumerable<string> Names => Info.Concat(Bbr).Concat(Dctcp).Concat(Memory).Select(static entry => entry.Name);

    /// <summary>Sets the variables that <c>TCP_INFO</c>'s answer has.</summary>
    public static void ReadInfo(ReadOnlySpan<byte> bytes, IDictionary<string, CodeValue> variables) => Read(Info, bytes, variables);

    /// <summary>Sets those of <c>TCP_CC_INFO</c>; which algorithm's they are shows in the length.</summary>
    public static void ReadCongestion(ReadOnlySpan<byte> bytes, IDictionary<string, CodeValue> variables)
    {
        if (bytes.Length >= CongestionSize) Read(Bbr, bytes, variables);
        else if (bytes.Length == 16) Read(Dctcp, bytes, variables);
    }

    /// <summary>Sets those of <c>SO_MEMINFO</c>.</summary>
    public static void ReadMemory(ReadOnlySpan<byte> bytes, IDictionary<string, CodeValue> variables) => Read(Memory, bytes, variables);

    private static (string, int, int, int, int) Word(string name, int offset) => (name, offset, 4, 0, 32);

    private static (string, int, int, int, int) Long(string name, int offset) => (name, offset, 8, 0, 64);

    private static void Read(
        (string Name, int Offset, int Size, int Shift, int Bits)[] fields,
        ReadOnlySpan<byte> bytes,
        IDictionary<string, CodeValue> variables)
    {
        Span<byte> wide = stackalloc byte[8];
        foreach (var (name, offset, size, shift, bits) in fields)
        {
            if (offset + size > bytes.Length)
            {
                variables.Remove(name); // an older kernel's shorter structure
                continue;
            }

            wide.Clear();
            bytes.Slice(offset, size).CopyTo(wide);
            var value = BinaryPrimitives.ReadUInt64LittleEndian(wide) >> shift;
            variables[name] = new CodeInteger(bits == 64 ? value : value & ((1UL << bits) - 1));
        }
    }
}
