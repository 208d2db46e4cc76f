using System.Globalization;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Neighbours;
using NetActors.Scenarios;
using NetActors.Steering;
using NetActors.Tcp;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>A scenario's settings of a host in the words of the stack's parts.</summary>
internal static class HostTranslation
{
    private const string Neigh = "net.ipv4.neigh.default.";

    public static HostSettingsView View(HostSettings host, KernelVersion kernel)
    {
        var sysctl = host.Sysctl;
        return new HostSettingsView
        {
            Kernel = kernel,
            MaxBacklog = (int)sysctl["net.core.netdev_max_backlog"],
            BacklogWeight = (int)(sysctl["net.core.dev_weight"] * Optional(sysctl, "net.core.dev_weight_rx_bias", 1)),
            TxWeight = (int)(sysctl["net.core.dev_weight"] * Optional(sysctl, "net.core.dev_weight_tx_bias", 1)),
            DefaultQdisc = sysctl.Has("net.core.default_qdisc") ? sysctl.Text("net.core.default_qdisc") : "pfifo_fast",
            Budget = (int)sysctl["net.core.netdev_budget"],
            BudgetTime = KernelTime.FromMicroseconds(Optional(sysctl, "net.core.netdev_budget_usecs", 8000)),
            GroNormalBatch = (int)Optional(sysctl, "net.core.gro_normal_batch", 8),
            DeferToRunningKsoftirqd = host.Softirq.DeferToRunningKsoftirqd,
        };
    }

    /// <summary>What the host says of busy polling; its NAPIs are yet to come.</summary>
    public static Softirq.NapiHash Napis(HostSettings host) => new()
    {
        BusyPoll = (int)Optional(host.Sysctl, "net.core.busy_poll", 0),
        BusyRead = (int)Optional(host.Sysctl, "net.core.busy_read", 0),
    };

    public static NetStackSettings Network(HostSettings host, KernelVersion kernel, Jiffies jiffies)
    {
        var sysctl = host.Sysctl;
        var ports = sysctl.Values("net.ipv4.ip_local_port_range");
        var udpMem = sysctl.Values("net.ipv4.udp_mem");
        return new NetStackSettings
        {
            Jiffies = jiffies,
            Tcp = new TcpSysctls { RmemMax = (int)sysctl["net.core.rmem_max"], WmemMax = (int)sysctl["net.core.wmem_max"] },
            FileMax = sysctl["fs.file-max"],
            PortLow = (ushort)ports[0],
            PortHigh = (ushort)ports[1],
            Icmp = new IcmpSettings
            {
                EchoIgnoreAll = sysctl["net.ipv4.icmp_echo_ignore_all"] != 0,
                EchoIgnoreBroadcasts = sysctl["net.ipv4.icmp_echo_ignore_broadcasts"] != 0,
                RateLimit = KernelTime.FromMilliseconds(sysctl["net.ipv4.icmp_ratelimit"]),
                RateMask = (uint)sysctl["net.ipv4.icmp_ratemask"],
                MsgsPerSec = (int)Optional(sysctl, "net.ipv4.icmp_msgs_per_sec", 1000),
                MsgsBurst = (int)Optional(sysctl, "net.ipv4.icmp_msgs_burst", 50),
            },
            Udp = new UdpSettings
            {
                Version = kernel,
                RmemDefault = (int)sysctl["net.core.rmem_default"],
                RmemMax = (int)sysctl["net.core.rmem_max"],
                WmemDefault = (int)sysctl["net.core.wmem_default"],
                WmemMax = (int)sysctl["net.core.wmem_max"],
                UdpMemMin = udpMem[0],
                UdpMemMax = udpMem[2],
                UdpRmemMin = (int)sysctl["net.ipv4.udp_rmem_min"],
            },
            Fragments = new IpFragSettings
            {
                HighThresh = (int)sysctl["net.ipv4.ipfrag_high_thresh"],
                Time = KernelTime.FromSeconds(sysctl["net.ipv4.ipfrag_time"]),
            },
            Neighbours = new NeighbourTableSettings
            {
                GcThresh1 = (int)sysctl[Neigh + "gc_thresh1"],
                GcThresh2 = (int)sysctl[Neigh + "gc_thresh2"],
                GcThresh3 = (int)sysctl[Neigh + "gc_thresh3"],
                GcInterval = KernelTime.FromSeconds(sysctl[Neigh + "gc_interval"]),
                Parms = new NudParms
                {
                    BaseReachableTime = KernelTime.FromMilliseconds(sysctl[Neigh + "base_reachable_time_ms"]),
                    ReachableTime = KernelTime.FromMilliseconds(sysctl[Neigh + "base_reachable_time_ms"]),
                    RetransTime = KernelTime.FromMilliseconds(sysctl[Neigh + "retrans_time_ms"]),
                    DelayFirstProbeTime = KernelTime.FromSeconds(sysctl[Neigh + "delay_first_probe_time"]),
                    GcStaleTime = KernelTime.FromSeconds(sysctl[Neigh + "gc_stale_time"]),
                    LockTime = KernelTime.FromMilliseconds(sysctl[Neigh + "locktime"] * 10),
                    McastSolicit = (int)sysctl[Neigh + "mcast_solicit"],
                    UcastSolicit = (int)sysctl[Neigh + "ucast_solicit"],
                    AppSolicit = (int)sysctl[Neigh + "app_solicit"],
                    UnresQlenBytes = (int)sysctl[Neigh + "unres_qlen_bytes"],
                },
            },
        };
    }

    /// <summary>Sets what scenario and kernel say of TCP, as sysctl would at boot.</summary>
    public static void Set(TcpHost tcp, HostSettings host, KernelVersion kernel)
    {
        var sysctl = host.Sysctl;
        foreach (var setting in TcpSysctlTable.All.Where(s => !s.IsReadOnly))
        {
            var value = sysctl.Has(setting.Name) ? sysctl.Text(setting.Name) : setting.As310?.ToString(CultureInfo.InvariantCulture);
            if (value is not null && !setting.Set(tcp, value)) throw new ScenarioException($"{host.Name}: {setting.Name} does not take {value}");
        }

        var ports = sysctl.Values("net.ipv4.ip_local_port_range");
        tcp.Tables.Ports = tcp.Tables.Ports with
        {
            Low = (ushort)ports[0],
            High = (ushort)ports[1],
            Reserved = PortSet.Of(sysctl.Values("net.ipv4.ip_local_reserved_ports")),
        };
    }

    /// <summary>Tables of RFS and the flow limit.</summary>
    public static void SetSteering(NetStack stack, HostSettings host, KernelVersion kernel)
    {
        var sysctl = host.Sysctl;
        var entries = (int)sysctl["net.core.rps_sock_flow_entries"];
        if (entries > 0) stack.Rps.SockFlows = new RpsSockFlowTable(kernel, entries, stack.Cpus.Length);
        if (kernel == KernelVersion.V310) return;
        foreach (var cpu in sysctl.Cpus("net.core.flow_limit_cpu_bitmap"))
            stack.Cpus[cpu].Softnet.FlowLimit = new FlowLimit((int)sysctl["net.core.flow_limit_table_len"]);
    }

    public static InetDevice Loopback(int ifIndex) => new()
    {
        IfIndex = ifIndex,
        Name = "lo",
        Mtu = 65536,
        Loopback = true,
        NoArp = true,
        Addresses = [new InetAddress { Local = Headers.Ipv4Prefix.Parse("127.0.0.1/8"), Scope = RouteScope.Host }],
    };

    /// <summary><c>net.ipv4.ip_forward</c>, which is <c>conf.all.forwarding</c> by another name.</summary>
    public static bool IsForwarding(HostSettings host) =>
        host.Sysctl["net.ipv4.ip_forward"] != 0 || host.Sysctl["net.ipv4.conf.all.forwarding"] != 0;

    /// <summary>What a device has written for itself comes after what all have (kernel: <c>inet_forward_change</c>, <c>IN_DEV_FORWARD</c>).</summary>
    public static bool IsForwarding(HostSettings host, string device)
    {
        var own = $"net.ipv4.conf.{device}.forwarding";
        return (IsForwarding(host) && !host.Sysctl.Written.Contains(own)) || host.Sysctl[own] != 0;
    }

    public static InetDevice Device(DeviceSettings device, HostSettings host, int ifIndex, MacAddress address)
    {
        int Conf(string key) => (int)Math.Max(host.Sysctl[$"net.ipv4.conf.all.{key}"], host.Sysctl[$"net.ipv4.conf.{device.Name}.{key}"]);
        return new InetDevice
        {
            IfIndex = ifIndex,
            Name = device.Name,
            HardwareAddress = address,
            Mtu = device.Mtu,
            Forwarding = IsForwarding(host, device.Name),
            SendRedirects = Conf("send_redirects") != 0,
            RpFilter = Conf("rp_filter"),
            AcceptLocal = Conf("accept_local") != 0,
            RouteLocalnet = Conf("route_localnet") != 0,
            DropUnicastInL2Multicast = Conf("drop_unicast_in_l2_multicast") != 0,
            ArpIgnore = Conf("arp_ignore"),
            ArpAccept = Conf("arp_accept"),
            ArpAnnounce = Conf("arp_announce"),
            Addresses = [.. device.Addresses.Select(Address)],
        };
    }

    public static IEnumerable<FibRoute> Routes(HostSettings host, IReadOnlyList<InetDevice> devices)
    {
        foreach (var route in host.Routes)
        {
            var gateway = route.Gateway is { } via ? SimulationPlanner.ToNumber(via) : 0;
            var device = route.Device is { } name ? devices.FirstOrDefault(d => d.Name == name) : devices.FirstOrDefault(d => gateway != 0 && d.IsOnLink(gateway));
            var type = route.Kind switch
            {
                RouteKind.Local => RouteType.Local,
                RouteKind.Broadcast => RouteType.Broadcast,
                RouteKind.Unreachable => RouteType.Unreachable,
                RouteKind.Prohibit => RouteType.Prohibit,
                RouteKind.Blackhole => RouteType.Blackhole,
                RouteKind.Throw => throw new ScenarioException($"{host.Name}: routes: throw needs policy routing, which is not there yet"),
                _ => RouteType.Unicast,
            };
            var made = new FibRoute
            {
                Prefix = new Headers.Ipv4Prefix(route.Destination.Number, route.Destination.Length),
                Type = type,
                Table = type is RouteType.Local or RouteType.Broadcast ? RouteTable.Local : RouteTable.Main,
                IfIndex = device?.IfIndex ?? 0,
                Gateway = gateway,
                PrefSrc = route.Source is { } source ? SimulationPlanner.ToNumber(source) : 0,
                Metric = route.Metric,
                Mtu = route.Mtu ?? 0,
                Scope = type == RouteType.Local ? RouteScope.Host : type == RouteType.Broadcast || (type == RouteType.Unicast && gateway == 0) ? RouteScope.Link : RouteScope.Universe,
            };
            var length = route.Split ?? route.Destination.Length;
            for (var piece = 0L; piece < 1L << (length - route.Destination.Length); piece++)
                yield return made with { Prefix = new Headers.Ipv4Prefix(route.Destination.Number + (uint)(piece << (32 - length)), length) };
        }
    }

    public static void Add(NeighbourTable table, NeighbourSettings settings, IReadOnlyList<InetDevice> devices)
    {
        var device = devices.First(d => d.Name == settings.Device);
        var entry = table.LookupOrCreate(device.IfIndex, SimulationPlanner.ToNumber(settings.Address), KernelTime.Zero, exemptFromGc: settings.Nud == NeighbourNud.Permanent);
        if (entry is null) throw new ScenarioException($"neighbours: the table is full at {settings.Address}");
        var state = settings.Nud switch
        {
            NeighbourNud.Noarp => NudState.NoArp,
            NeighbourNud.Reachable => NudState.Reachable,
            NeighbourNud.Stale => NudState.Stale,
            _ => NudState.Permanent,
        };
        var mac = new MacAddress(SimulationPlanner.ToNumber(settings.LinkAddress));
        table.Update(entry, mac, state, NudUpdateFlags.Override | NudUpdateFlags.Admin, KernelTime.Zero, out _);
    }

    private static InetAddress Address(Scenarios.Ipv4Prefix prefix)
    {
        var local = new Headers.Ipv4Prefix(prefix.Number, prefix.Length);
        return new InetAddress { Local = local, Broadcast = prefix.Length < 31 ? local.Broadcast : 0 };
    }

    private static long Optional(SysctlSettings sysctl, string name, long absent) => sysctl.Has(name) ? sysctl[name] : absent;
}
