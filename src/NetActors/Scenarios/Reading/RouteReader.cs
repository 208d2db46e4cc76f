using System.Net;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads routes in the words of <c>ip route</c>.</summary>
internal static class RouteReader
{
    private static readonly (string, RouteKind)[] Kinds =
    [
        ("unicast", RouteKind.Unicast), ("local", RouteKind.Local), ("broadcast", RouteKind.Broadcast),
        ("unreachable", RouteKind.Unreachable), ("prohibit", RouteKind.Prohibit), ("blackhole", RouteKind.Blackhole),
        ("throw", RouteKind.Throw),
    ];

    private const int MostPiecesLog = 20; // a million routes, as many as the Internet has

    private static readonly string[] Keywords = ["via", "dev", "src", "metric", "mtu", "onlink", "split"];

    /// <summary>The routes; those with faults are left out.</summary>
    public static List<RouteSettings> ReadAll(IReadOnlyList<SettingNode> items, IReadOnlyList<DeviceSettings> devices, FaultList faults)
    {
        var routes = new List<RouteSettings>();
        foreach (var item in items)
        {
            var words = new WordReader(item, "a route", faults);
            if (words.Faulty) continue;
            var route = Read(words, devices);
            if (!words.Faulty && Check(route, devices, item, faults) is { } good) routes.Add(good);
        }

        return routes;
    }

    private static RouteSettings Read(WordReader words, IReadOnlyList<DeviceSettings> devices)
    {
        var kind = RouteKind.Unicast;
        if (Kinds.Any(k => k.Item1 == words.Peek)) kind = words.Take("a type", text => Values.Choice(text, Kinds), RouteKind.Unicast);
        var route = new RouteSettings { Kind = kind, Destination = words.Take("a prefix", Prefix, Ipv4Prefix.Default) };
        while (words.More && !words.Faulty) route = Option(words, route, devices);
        return route;
    }

    private static Reading<int> Pieces(string text, Ipv4Prefix whole) =>
        Values.Whole(text, whole.Length, Math.Min(32, whole.Length + MostPiecesLog)).Then(n => (int)n);

    private static Reading<Ipv4Prefix> Prefix(string text)
    {
        if (text == "default") return Ipv4Prefix.Default;
        if (text.Length > 0 && char.IsAsciiLetter(text[0]))
        {
            var names = Kinds.Select(k => k.Item1).Append("default").ToList();
            return Reading<Ipv4Prefix>.Bad($"`{Words.Cut(text)}` is no prefix and no type of route", NearestName.Of(text, names));
        }

        var prefix = Values.Prefix(text);
        if (prefix.Fault is not null || prefix.Value!.IsNetwork) return prefix;
        var network = new IPAddress((long)(uint)IPAddress.HostToNetworkOrder((int)(prefix.Value.Number & prefix.Value.Mask)));
        return Reading<Ipv4Prefix>.Bad($"{text} has bits set beyond its length", $"{network}/{prefix.Value.Length}");
    }

    private static RouteSettings Option(WordReader words, RouteSettings route, IReadOnlyList<DeviceSettings> devices)
    {
        var option = words.Take("a word");
        switch (option)
        {
            case "via": return route with { Gateway = words.Take("a gateway", Values.Address, IPAddress.Any) };
            case "dev":
                var device = words.Take("a device", text => DeviceNames.Read(text, devices.Select(d => d.Name)), "");
                return route with { Device = device };
            case "src": return route with { Source = words.Take("a source", Values.Address, IPAddress.Any) };
            case "metric": return route with { Metric = (uint)words.Take("a metric", text => Values.Whole(text, 0, uint.MaxValue), 0) };
            case "mtu": return route with { Mtu = words.Take("an MTU", text => Values.Whole(text, 68, 65535).Then(n => (int)n), 1500) };
            case "split": return route with { Split = words.Take("a prefix length", text => Pieces(text, route.Destination), route.Destination.Length) };
            case "onlink": return route with { OnLink = true };
            default:
                words.FailUnknown(option, Keywords);
                return route;
        }
    }

    // what the kernel answers EINVAL, ENETUNREACH or "Nexthop has invalid gateway" to (kernel: fib_check_nh)
    private static RouteSettings? Check(RouteSettings route, IReadOnlyList<DeviceSettings> devices, SettingNode item, FaultList faults)
    {
        if (route.Kind is RouteKind.Unreachable or RouteKind.Prohibit or RouteKind.Blackhole or RouteKind.Throw)
        {
            if (route.Gateway is null && route.Device is null) return route;
            return Refuse("a route that sends nothing has no `via` and no `dev`");
        }

        if (route.Source is { } source && !devices.Any(d => d.Addresses.Any(a => a.Address.Equals(source))))
            return Refuse($"`src` {source} is no address of this host");
        if (route.Gateway is not { } gateway) return route.Device is null ? Refuse("a route needs `via` or `dev`") : route;
        if (route.OnLink) return route.Device is null ? Refuse("`onlink` needs `dev`") : route;
        var reaching = devices.FirstOrDefault(d => (route.Device is null || d.Name == route.Device)
            && d.Addresses.Any(a => a.Contains(gateway)));
        return reaching is null
            ? Refuse($"gateway {gateway} is on no link of {route.Device ?? "this host"}: an address of its prefix, or `onlink`, is needed")
            : route with { Device = reaching.Name };

        RouteSettings? Refuse(string message)
        {
            faults.Add(item.Place, message);
            return null;
        }
    }
}
