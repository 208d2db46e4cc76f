using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>The routes that come with an address (kernel: <c>fib_add_ifaddr</c>, net/ipv4/fib_frontend.c).</summary>
public static class FibFrontend
{
    /// <summary>
    /// For each address: a local route; when the device is up also the broadcasts (3.10: the network address too) and the connected
    /// route, which on loopback is local (127.0.0.0/8).
    /// </summary>
    public static IEnumerable<FibRoute> RoutesOf(InetDevice device, KernelVersion version = KernelVersion.V6)
    {
        var seen = new HashSet<(RouteType, Ipv4Prefix)>(); // fib_magic ignores EEXIST: a route named twice stands once
        foreach (var address in device.Addresses)
        {
            foreach (var route in RoutesOf(device, address, version))
            {
                if (seen.Add((route.Type, route.Prefix))) yield return route;
            }
        }
    }

    private static IEnumerable<FibRoute> RoutesOf(InetDevice device, InetAddress address, KernelVersion version)
    {
        var (local, network) = (address.Local.Address, address.Local.Masked);
        yield return Magic(device, RouteType.Local, new Ipv4Prefix(local, 32), local);
        if (!device.Up) yield break;
        if (address.Broadcast is not 0 and not Ipv4Address.Broadcast)
        {
            yield return Magic(device, RouteType.Broadcast, new Ipv4Prefix(address.Broadcast, 32), local);
        }

        if (network.Address == 0 || address.Secondary || (network.Address == local && network.Length == 32)) yield break;
        yield return Magic(device, device.Loopback ? RouteType.Local : RouteType.Unicast, network, local) with { Metric = address.Metric };
        if (network.Length >= 31) yield break;
        yield return Magic(device, RouteType.Broadcast, new Ipv4Prefix(network.Broadcast, 32), local);
        if (version == KernelVersion.V310) yield return Magic(device, RouteType.Broadcast, new Ipv4Prefix(network.Address, 32), local);
    }

    /// <summary>A route by the kernel itself (kernel: <c>fib_magic</c>).</summary>
    private static FibRoute Magic(InetDevice device, RouteType type, Ipv4Prefix prefix, uint local) => new()
    {
        Prefix = prefix,
        Type = type,
        Table = type == RouteType.Unicast ? RouteTable.Main : RouteTable.Local,
        IfIndex = device.IfIndex,
        PrefSrc = local,
        Scope = type == RouteType.Local ? RouteScope.Host : RouteScope.Link,
    };
}
