using System.Globalization;
using NetActors.Tcp;
using static NetActors.Scenarios.SysctlForm;

namespace NetActors.Scenarios;

/// <summary>
/// The sysctls that scenarios may set, with both kernels' defaults. Those of 6.18 were read from a running 6.18.44 with HZ=250
/// ("live"); those of 3.10 come from its source or its Documentation/networking/ip-sysctl.txt.
/// </summary>
public static class SysctlCatalogue
{
    internal const string NetdevBudgetUsecs = "net.core.netdev_budget_usecs";
    private const string Live = "live 6.18.44; 3.10 source";
    private const string Spec = "specification section ";
    private const string IpSysctl = "live 6.18.44; ip-sysctl.txt (3.10)";
    private const string TcpSource = "net/ipv4/tcp_ipv4.c:tcp_sk_init, live 6.18.44; sysctl_net_ipv4.c (3.10)";
    private const string NoVrf = "there are no VRF devices";
    private const string EarlyDemux = "each packet pays for a lookup of its route and one of its socket, as the cost models are calibrated";
    private const string EstablishedTable = "the table of connections grows with them";
    private const string NoFlowLabel = "a rehash changes the path by the flow label, which IPv4 has not";
    private const long Int = int.MaxValue;

    private static readonly SysctlEntry[] Own =
    [
        One("fs.file-max", 838_860, 838_860, 0, Int, "files that all tasks of a host may have open", "fs/file_table.c:files_maxfiles_init for 8 GiB of memory (derived)"),
        One("net.core.busy_poll", 0, null, 0, Int, "us that poll, select and epoll busy poll", Spec + "3.7"),
        One("net.core.busy_read", 0, null, 0, Int, "us that reads of new sockets busy poll", Spec + "3.7"),
        new("net.core.default_qdisc", Word, [0], null, 0, 5, "qdisc of a transmit queue that no command gave one; 3.10: pfifo_fast",
            "live 6.18.44; absent before 3.12") { Words = ["pfifo_fast", "pfifo", "bfifo", "fq", "fq_codel", "codel"] },
        One("net.core.dev_weight", 64, 64, 1, Int, "packets a backlog poll may take", Spec + "3.3"),
        One("net.core.dev_weight_rx_bias", 1, null, 1, Int, "factor on dev_weight for the backlog", Spec + "3.3"),
        One("net.core.dev_weight_tx_bias", 1, null, 1, Int, "factor on dev_weight for qdisc runs", Spec + "3.3"),
        new("net.core.flow_limit_cpu_bitmap", CpuMask, [], null, 0, CpuSet.Limit - 1, "CPUs whose enqueues to a backlog are flow limited",
            Spec + "5.7"),
        One("net.core.flow_limit_table_len", 4096, null, 1, 1 << 20, "buckets of the flow limit, a power of two", Spec + "5.7"),
        One("net.core.gro_normal_batch", 8, null, 1, Int, "packets GRO hands up at once", "live 6.18.44"),
        One("net.core.netdev_budget", 300, 300, 1, Int, "packets one NET_RX softirq may take", Spec + "3.4"),
        One(NetdevBudgetUsecs, 8000, null, 1, Int, "us one NET_RX softirq may take; default two ticks", Spec + "0.2"),
        One("net.core.netdev_max_backlog", 1000, 1000, 0, Int, "packets the backlog of a CPU holds", Spec + "5.4"),
        One("net.core.netdev_tstamp_prequeue", 1, 1, 0, 1, "timestamp before (1) or after (0) RPS", Spec + "5.1"),
        One("net.core.rmem_default", 212_992, 212_992, 2304, Int, "bytes of truesize a new socket may receive", Spec + "11.2"),
        One("net.core.rmem_max", 4_194_304, 212_992, 2304, Int, "most that SO_RCVBUF may ask for, in bytes", Spec + "11.2"),
        new("net.core.rps_default_mask", CpuMask, [], null, 0, CpuSet.Limit - 1, "rps_cpus of queues made later", Spec + "5.1"),
        One("net.core.rps_sock_flow_entries", 0, 0, 0, 1 << 29, "entries of the RFS socket table; 0 is off", Spec + "6.1"),
        One("net.core.skb_defer_max", 64, null, 0, Int, "packets a CPU may leave to another to free", Spec + "3.8"),
        One("net.core.wmem_default", 212_992, 212_992, 4608, Int, "bytes of truesize a new socket may send", Live),
        One("net.core.wmem_max", 4_194_304, 212_992, 4608, Int, "most that SO_SNDBUF may ask for, in bytes", Spec + "12"),
        One("net.ipv4.conf.*.accept_local", 0, 0, 0, 1, "accept packets with one of our addresses as source", IpSysctl),
        One("net.ipv4.conf.*.arp_accept", 0, 0, 0, 2, "create entries from gratuitous ARP", IpSysctl),
        One("net.ipv4.conf.*.arp_announce", 0, 0, 0, 2, "which source address requests carry", IpSysctl),
        One("net.ipv4.conf.*.arp_filter", 0, 0, 0, 1, "answer only where the route to the asker leads", IpSysctl),
        One("net.ipv4.conf.*.arp_ignore", 0, 0, 0, 8, "which requests are answered", IpSysctl),
        One("net.ipv4.conf.*.arp_notify", 0, 0, 0, 1, "announce addresses when the device comes up", IpSysctl),
        One("net.ipv4.conf.*.drop_unicast_in_l2_multicast", 0, 0, 0, 1, "drop unicast packets in broadcast and multicast frames", IpSysctl),
        One("net.ipv4.conf.*.forwarding", 0, 0, 0, 1, "forward packets that came in here", IpSysctl),
        One("net.ipv4.conf.*.log_martians", 0, 0, 0, 1, "log packets with impossible addresses", IpSysctl),
        One("net.ipv4.conf.*.proxy_arp", 0, 0, 0, 1, "answer requests for what we route elsewhere", IpSysctl),
        One("net.ipv4.conf.*.route_localnet", 0, 0, 0, 1, "127/8 is no martian", IpSysctl),
        One("net.ipv4.conf.*.rp_filter", 0, 0, 0, 2, "reverse path check: 1 strict, 2 loose; the greater of all and device holds",
            IpSysctl),
        One("net.ipv4.conf.*.send_redirects", 1, 1, 0, 1, "send ICMP redirects", IpSysctl),
        One("net.ipv4.icmp_echo_ignore_all", 0, 0, 0, 1, "answer no echo request", IpSysctl),
        One("net.ipv4.icmp_echo_ignore_broadcasts", 1, 1, 0, 1, "answer no echo request to a broadcast or group", IpSysctl),
        One("net.ipv4.icmp_errors_use_inbound_ifaddr", 0, 0, 0, 1, "errors carry the address of the device the packet came in by",
            IpSysctl),
        One("net.ipv4.icmp_ignore_bogus_error_responses", 1, 1, 0, 1, "do not log bogus errors to broadcasts", IpSysctl),
        One("net.ipv4.icmp_msgs_burst", 50, null, 0, Int, "errors of the whole host in a burst", "live 6.18.44; absent before 3.18"),
        One("net.ipv4.icmp_msgs_per_sec", 1000, null, 0, Int, "errors of the whole host a second", "live 6.18.44; absent before 3.18"),
        One("net.ipv4.icmp_ratelimit", 1000, 1000, 0, Int, "ms between two errors to one peer; 0 is no limit", IpSysctl),
        One("net.ipv4.icmp_ratemask", 6168, 6168, 0, uint.MaxValue, "mask of the ICMP types that are limited", IpSysctl),
        One("net.ipv4.ip_default_ttl", 64, 64, 1, 255, "TTL of what we send", IpSysctl),
        One("net.ipv4.ip_forward", 0, 0, 0, 1, "forward packets", IpSysctl),
        new("net.ipv4.ip_local_port_range", Numbers, [32768, 60999], [32768, 61000], 1, 65535,
            "ports of sockets that bind none: first last", IpSysctl),
        new("net.ipv4.ip_local_reserved_ports", Ports, [], [], 0, 65535, "ports that are never chosen for TCP, such as 8080,9000-9010", IpSysctl),
        One("net.ipv4.ip_no_pmtu_disc", 0, 0, 0, 3, "do not set DF", IpSysctl),
        One("net.ipv4.ipfrag_high_thresh", 4_194_304, 4_194_304, 0, Int, "bytes of fragments a host may hold", IpSysctl),
        One("net.ipv4.ipfrag_max_dist", 64, 64, 0, Int, "datagrams of a peer between two fragments of one", IpSysctl),
        One("net.ipv4.ipfrag_time", 30, 30, 0, Int, "seconds that fragments wait", IpSysctl),
        Neighbour("app_solicit", 0, 0, "solicitations left to a daemon"),
        Neighbour("base_reachable_time_ms", 30_000, 30_000, "centre of the time a confirmation lasts, in ms"),
        Neighbour("delay_first_probe_time", 5, 5, "seconds that DELAY waits for a confirmation from above"),
        Neighbour("gc_stale_time", 60, 60, "seconds after which unused entries may go"),
        One("net.ipv4.neigh.default.gc_interval", 30, 30, 0, Int, "seconds between two collections", IpSysctl),
        One("net.ipv4.neigh.default.gc_thresh1", 128, 128, 0, Int, "entries below which none is collected", IpSysctl),
        One("net.ipv4.neigh.default.gc_thresh2", 512, 512, 0, Int, "entries that may be passed for 5 seconds", IpSysctl),
        One("net.ipv4.neigh.default.gc_thresh3", 1024, 1024, 0, Int, "entries at most", IpSysctl),
        Neighbour("locktime", 100, 100, "hundredths of a second before another answer may override one"),
        Neighbour("mcast_resolicit", 0, null, "broadcast solicitations after unicast ones failed"),
        Neighbour("mcast_solicit", 3, 3, "broadcast solicitations before giving up"),
        Neighbour("retrans_time_ms", 1000, 1000, "ms between two solicitations"),
        Neighbour("ucast_solicit", 3, 3, "unicast solicitations in PROBE"),
        Neighbour("unres_qlen_bytes", 212_992, 65_536, "bytes of truesize that may wait for one neighbour"),
        new("net.ipv4.udp_mem", Numbers, [196_608, 262_144, 393_216], [196_608, 262_144, 393_216], 0, Int,
            "pages of all UDP sockets: low pressure high", "net/ipv4/udp.c:udp_init for 8 GiB of memory (derived)"),
        One("net.ipv4.udp_rmem_min", 4096, 4096, 1, Int, "bytes a UDP socket may receive under pressure", IpSysctl),
        One("net.ipv4.udp_wmem_min", 4096, 4096, 1, Int, "bytes a UDP socket may send under pressure", IpSysctl),
    ];

    /// <summary>All of them, by name; those of TCP are TCP's own list.</summary>
    public static IReadOnlyList<SysctlEntry> All { get; } = [.. Own.Concat(OfTcp()).OrderBy(s => s.Name, StringComparer.Ordinal)];

    /// <summary>Settings of Linux that change nothing here, each with the reason: they are refused rather than kept in vain.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["net.ipv4.tcp_l3mdev_accept"] = NoVrf,
        ["net.ipv4.udp_l3mdev_accept"] = NoVrf,
        ["net.ipv4.raw_l3mdev_accept"] = NoVrf,
        ["net.ipv4.tcp_available_ulp"] = "there is no upper layer protocol (TLS, MPTCP) to choose",
        ["net.ipv4.tcp_allowed_congestion_control"] = "programs have CAP_NET_ADMIN, whom it does not bind; a running host keeps it",
        ["net.ipv4.ip_early_demux"] = EarlyDemux,
        ["net.ipv4.tcp_early_demux"] = EarlyDemux,
        ["net.ipv4.udp_early_demux"] = EarlyDemux,
        ["net.ipv4.tcp_ehash_entries"] = EstablishedTable,
        ["net.ipv4.tcp_child_ehash_entries"] = EstablishedTable,
        ["net.ipv4.tcp_plb_enabled"] = NoFlowLabel,
        ["net.ipv4.tcp_plb_cong_thresh"] = NoFlowLabel,
        ["net.ipv4.tcp_plb_idle_rehash_rounds"] = NoFlowLabel,
        ["net.ipv4.tcp_plb_rehash_rounds"] = NoFlowLabel,
        ["net.ipv4.tcp_plb_suspend_rto_sec"] = NoFlowLabel,
    };

    /// <summary>Those that can be written while a host runs: of net.core what steers and bounds the receive path, and TCP's.</summary>
    public static IReadOnlySet<string> Changeable { get; } = new SortedSet<string>(
        [
            "net.core.dev_weight", "net.core.dev_weight_rx_bias", "net.core.dev_weight_tx_bias", "net.core.flow_limit_cpu_bitmap",
            "net.core.flow_limit_table_len", "net.core.gro_normal_batch", "net.core.netdev_budget", NetdevBudgetUsecs,
            "net.core.netdev_max_backlog", "net.core.rps_default_mask", "net.core.rps_sock_flow_entries", .. OfTcp().Select(s => s.Name),
        ],
        StringComparer.Ordinal);

    /// <summary>The entry of a name with <c>all</c>, <c>default</c> or a device in the place of <c>*</c>; null when there is none.</summary>
    public static SysctlEntry? Find(string name)
    {
        foreach (var entry in All)
            if (entry.Name == name || Interface(entry.Name, name) is { Length: > 0 })
                return entry;
        return null;
    }

    /// <summary>What <paramref name="name"/> has in the place of the pattern's <c>*</c>; null when it does not match.</summary>
    internal static string? Interface(string pattern, string name)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0 || name.Length < pattern.Length) return null;
        var (before, after) = (pattern[..star], pattern[(star + 1)..]);
        var matches = name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal);
        return matches ? name[star..^after.Length] : null;
    }

    private static IEnumerable<SysctlEntry> OfTcp()
    {
        var host = TcpSysctlTable.Untouched();
        foreach (var sysctl in TcpSysctlTable.All.Where(s => !s.IsReadOnly && !s.IsText))
        {
            var isWord = sysctl.Words.Count > 0;
            long[] default6 = isWord
                ? [sysctl.Words.TakeWhile(word => word != sysctl.Get(host)).Count()]
                : [.. sysctl.Get(host).Split('\t').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
            var default310 = ReferenceEquals(sysctl.Default310, TcpSysctl.SameAs6) ? default6 : sysctl.Default310;
            var form = isWord ? Word : default6.Length > 1 ? Numbers : Number;
            yield return new SysctlEntry(sysctl.Name, form, default6, default310, sysctl.Least, sysctl.Most, sysctl.Doc, TcpSource) { Words = sysctl.Words };
        }
    }

    private static SysctlEntry One(string name, long default6, long? default310, long least, long most, string doc, string source) =>
        new(name, Number, [default6], default310 is { } value ? [value] : null, least, most, doc, source);

    private static SysctlEntry Neighbour(string name, long default6, long? default310, string doc) =>
        One("net.ipv4.neigh.*." + name, default6, default310, 0, Int, doc, "live 6.18.44; net/ipv4/arp.c:arp_tbl (3.10)");
}
