using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Script.Shell;
using NetActors.Sockets;

namespace NetActors.Script.Hosting;

/// <summary>
/// Addresses, links and routes of a script's host, as <c>ip</c> changes them (kernel: net/ipv4/devinet.c, fib_trie.c). What the
/// addresses bring comes and goes with them; only routes that a command made can be changed.
/// </summary>
internal sealed class EmulatedNetwork(Host host, TunDevice tun, FibRoute first)
{
    private const int LeastMtu = 68; // ETH_MIN_MTU
    private const int MostMtu = 65_535;
    private readonly List<InetDevice> _devices = [.. host.Stack.Net.Devices];
    private readonly List<FibRoute> _routes = [first];

    /// <summary><c>ip route</c>.</summary>
    public Errno ChangeRoute(RouteCommand command)
    {
        if (command.IsIpv6) return Errno.EOPNOTSUPP;
        if (command is { Verb: "flush", Destination: "cache" }) return Errno.None; // there has been no cache since 3.6
        var (error, route) = EmulatedRoute.Read(command, _devices, host.Stack.Net);
        return error == Errno.None && route is not null ? Publish(Change(command, route)) : error;
    }

    /// <summary><c>ip addr</c>.</summary>
    public Errno ChangeAddress(AddressCommand command)
    {
        var at = _devices.FindIndex(d => d.Name == command.Device);
        if (at < 0) return Errno.ENODEV;
        var device = _devices[at];
        if (command is { Verb: "flush", Prefix: null }) return SetAddresses(at, []);
        if (!Ipv4Prefix.TryParse(command.Prefix, out var prefix)) return command.Prefix!.Contains(':', StringComparison.Ordinal) ? Errno.EOPNOTSUPP : Errno.EINVAL;
        var known = device.Addresses.FirstOrDefault(a => a.Local == prefix);
        if (command.Verb is "del" or "flush")
        {
            return known is null ? Errno.EADDRNOTAVAIL : SetAddresses(at, [.. device.Addresses.Where(a => a != known)]);
        }

        if (known is not null) return command.Verb == "add" ? Errno.EEXIST : Errno.None;
        if (command.Verb == "change") return Errno.ENODEV; // rtm_newaddr without NLM_F_CREATE
        var isSecondary = device.Addresses.Any(a => a.Local.Length == prefix.Length && a.Local.Contains(prefix.Address));
        return SetAddresses(at, [.. device.Addresses, new InetAddress { Local = prefix, Secondary = isSecondary }]);
    }

    /// <summary><c>ip link set</c>. A link that goes down takes its routes with it (kernel: <c>fib_sync_down_dev</c>).</summary>
    public Errno ChangeLink(LinkCommand command)
    {
        var at = _devices.FindIndex(d => d.Name == command.Device);
        if (at < 0) return Errno.ENODEV;
        var device = _devices[at];
        foreach (var (name, value) in command.Attributes)
        {
            switch (name)
            {
                case "mtu" when value is < LeastMtu or > MostMtu: return Errno.EINVAL;
                case "mtu": device = device with { Mtu = (int)value }; break;
                default: return Errno.EOPNOTSUPP;
            }
        }

        device = device with { Up = command.IsUp ?? device.Up };
        if (!device.Up) _routes.RemoveAll(r => r.IfIndex == device.IfIndex);
        if (device.Name == tun.Name) tun.SetMtu(device.Mtu);
        _devices[at] = device;
        return Publish(Errno.None);
    }

    private static bool IsSame(FibRoute one, FibRoute other) => one.Prefix == other.Prefix && one.Metric == other.Metric;

    private Errno Change(RouteCommand command, FibRoute route)
    {
        var at = _routes.FindIndex(r => IsSame(r, route));
        switch (command.Verb)
        {
            case "add" when at >= 0 || IsKernels(route): return Errno.EEXIST;
            case "add" or "append": _routes.Add(route); break;
            case "replace" when at < 0: _routes.Add(route); break;
            case "change" when at < 0: return IsKernels(route) ? Errno.EOPNOTSUPP : Errno.ENOENT;
            case "change" or "replace": _routes[at] = route; break;
            default: return Remove(command, route);
        }

        return Errno.None;
    }

    /// <summary>A route that an address brought has this destination.</summary>
    private bool IsKernels(FibRoute route)
    {
        foreach (var known in host.Stack.Net.Fib.Routes)
        {
            if (known.Table == RouteTable.Main && IsSame(known, route) && !_routes.Exists(r => IsSame(r, known))) return true;
        }

        return false;
    }

    /// <summary><c>del</c> takes the first that fits what was said, <c>flush</c> all.</summary>
    private Errno Remove(RouteCommand command, FibRoute route)
    {
        bool Fits(FibRoute r) => r.Prefix == route.Prefix && (route.Metric == 0 || r.Metric == route.Metric)
            && (command.Device is null || r.IfIndex == route.IfIndex) && (command.Via is null || r.Gateway == route.Gateway)
            && (!command.Attributes.ContainsKey("type") || r.Type == route.Type);
        if (command.Verb == "flush")
        {
            _routes.RemoveAll(Fits);
            return Errno.None;
        }

        var at = _routes.FindIndex(Fits);
        if (at < 0) return IsKernels(route) ? Errno.EOPNOTSUPP : Errno.ESRCH;
        _routes.RemoveAt(at);
        return Errno.None;
    }

    private Errno SetAddresses(int at, IReadOnlyList<InetAddress> addresses)
    {
        var gone = _devices[at].Addresses.Select(a => a.Local.Address).Except(addresses.Select(a => a.Local.Address)).ToHashSet();
        _routes.RemoveAll(r => r.PrefSrc != 0 && gone.Contains(r.PrefSrc)); // fib_sync_down_addr
        _devices[at] = _devices[at] with { Addresses = addresses };
        return Publish(Errno.None);
    }

    private Errno Publish(Errno error)
    {
        if (error == Errno.None) host.Stack.Net = Ipv4Snapshot.Create(_devices, _routes, host.Stack.Net.Version);
        return error;
    }
}
