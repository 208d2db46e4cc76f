using NetActors.Headers;
using NetActors.Ip;
using NetActors.Script.Shell;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Script.Hosting;

/// <summary>Reads what <c>ip route</c> says (kernel: <c>rtm_to_fib_config</c>, <c>fib_create_info</c>, <c>ip_metrics_convert</c>).</summary>
internal static class EmulatedRoute
{
    /// <summary>The route, or the errno that Linux answers.</summary>
    public static (Errno Error, FibRoute? Route) Read(RouteCommand command, IReadOnlyList<InetDevice> devices, Ipv4Snapshot net)
    {
        var prefix = Ipv4Prefix.Default;
        if (command.Destination != "default" && !Ipv4Prefix.TryParse(command.Destination, out prefix)) return (Errno.EINVAL, null);
        if (prefix.Address != prefix.Network) return (Errno.EINVAL, null); // "Invalid prefix for given prefix length"
        if (TypeOf(command) is not { } type || ScopeOf(command, type) is not { } scope) return (Errno.EOPNOTSUPP, null);
        if (command.Attributes.TryGetValue("table", out var table) && table is not ("main" or "254")) return (Errno.EOPNOTSUPP, null);
        var metric = 0u;
        if (command.Attributes.TryGetValue("metric", out var text) && !uint.TryParse(text, out metric)) return (Errno.EINVAL, null);
        var (gateway, source) = (0u, 0u);
        if (command.Via is { } via && !Ipv4Address.TryParse(via, out gateway)) return (Errno.EINVAL, null);
        if (command.Source is { } preferred && !Ipv4Address.TryParse(preferred, out source)) return (Errno.EINVAL, null);
        var device = command.Device is { } name ? devices.FirstOrDefault(d => d.Name == name) : null;
        if (command.Device is not null && device is null) return (Errno.ENODEV, null);
        var (refusal, metrics, mtu) = MetricsOf(command);
        if (refusal != Errno.None) return (refusal, null);
        var route = new FibRoute
        {
            Prefix = prefix,
            Type = type,
            Scope = scope,
            Metric = metric,
            IfIndex = device?.IfIndex ?? 0,
            Gateway = gateway,
            PrefSrc = source,
            Mtu = mtu,
            Metrics = metrics == new RouteMetrics() ? null : metrics,
        };
        if (command.Verb is "del" or "flush") return (Errno.None, route);
        if (source != 0 && !net.IsOwnAddress(source)) return (Errno.EINVAL, null); // fib_valid_prefsrc
        return type is RouteType.Blackhole or RouteType.Unreachable or RouteType.Prohibit ? (Errno.None, route) : WithNextHop(route, device, command, net);
    }

    /// <summary>The next hop has to be on a link (kernel: <c>fib_check_nh</c>).</summary>
    private static (Errno Error, FibRoute? Route) WithNextHop(FibRoute route, InetDevice? device, RouteCommand command, Ipv4Snapshot net)
    {
        if (device is { Up: false }) return (Errno.ENETDOWN, null);
        if (route.Gateway == 0) return device is null ? (Errno.ENODEV, null) : (Errno.None, route);
        if (command.Attributes.ContainsKey("onlink")) return device is null ? (Errno.EINVAL, null) : (Errno.None, route);
        if (net.Fib.Lookup(route.Gateway, route.IfIndex, RouteScope.Link, out var way) != Errno.None || way is null) return (Errno.ENETUNREACH, null);
        return way.Type is RouteType.Unicast or RouteType.Local ? (Errno.None, route with { IfIndex = way.IfIndex }) : (Errno.EINVAL, null);
    }

    private static RouteType? TypeOf(RouteCommand command) => command.Attributes.GetValueOrDefault("type") switch
    {
        null or "unicast" => RouteType.Unicast,
        "blackhole" => RouteType.Blackhole,
        "unreachable" => RouteType.Unreachable,
        "prohibit" => RouteType.Prohibit,
        _ => null, // those of the local table
    };

    private static RouteScope? ScopeOf(RouteCommand command, RouteType type) => command.Attributes.GetValueOrDefault("scope") switch
    {
        "global" or "universe" => RouteScope.Universe,
        "link" => RouteScope.Link,
        "host" => RouteScope.Host,
        null => type == RouteType.Unicast && command.Via is null ? RouteScope.Link : RouteScope.Universe, // iproute2: iproute_modify
        _ => null,
    };

    private static (Errno Error, RouteMetrics Metrics, int Mtu) MetricsOf(RouteCommand command)
    {
        if (command.CongestionControl is { } name && !CongestionControls.Available.Contains(name)) return (Errno.EINVAL, new RouteMetrics(), 0);
        var (metrics, mtu) = (new RouteMetrics { Congestion = command.CongestionControl }, 0);
        foreach (var (metric, (value, isLocked)) in command.Metrics)
        {
            if (value is < 0 or > int.MaxValue || (metric == RouteMetric.HopLimit && value > byte.MaxValue)) return (Errno.EINVAL, metrics, 0);
            var number = (int)value;
            switch (metric)
            {
                case RouteMetric.Mtu:
                    mtu = Math.Min(number, ushort.MaxValue - 15);
                    metrics = metrics with { IsMtuLocked = isLocked };
                    break;
                case RouteMetric.AdvMss: metrics = metrics with { AdvMss = Math.Min(number, ushort.MaxValue - 40) }; break;
                case RouteMetric.Window: metrics = metrics with { Window = (uint)number }; break;
                case RouteMetric.Rtt: metrics = metrics with { Rtt = KernelTime.FromMilliseconds(value) }; break;
                case RouteMetric.RtoMin: metrics = metrics with { RtoMin = KernelTime.FromMilliseconds(value) }; break;
                case RouteMetric.Ssthresh: metrics = metrics with { Ssthresh = number }; break;
                case RouteMetric.Cwnd: metrics = metrics with { LockedCwnd = isLocked ? number : 0 }; break;
                case RouteMetric.InitCwnd: metrics = metrics with { InitCwnd = number }; break;
                case RouteMetric.InitRwnd: metrics = metrics with { InitRwnd = Math.Min(number, ushort.MaxValue) }; break;
                case RouteMetric.Reordering: metrics = metrics with { Reordering = number }; break;
                case RouteMetric.HopLimit: metrics = metrics with { HopLimit = (byte)number }; break;
                case RouteMetric.QuickAck: metrics = metrics with { QuickAck = number != 0 }; break;
                case RouteMetric.FastOpenNoCookie: metrics = metrics with { FastOpenNoCookie = number != 0 }; break;
                case RouteMetric.Features: metrics = metrics with { Ecn = true }; break;
                case RouteMetric.RttVar: return (Errno.EOPNOTSUPP, metrics, 0);
                default: return (Errno.EINVAL, metrics, 0);
            }
        }

        return (Errno.None, metrics, mtu);
    }
}
