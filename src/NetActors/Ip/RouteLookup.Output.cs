using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <content>Output: source selection and next hop (kernel: <c>ip_route_output_key_hash_rcu</c>).</content>
public static partial class RouteLookup
{
    /// <summary>
    /// Routes a packet of ours.
    /// </summary>
    /// <returns>
    /// None; ENETUNREACH without a route or address, EHOSTUNREACH, EACCES or EINVAL as the route refuses, EINVAL for an impossible
    /// source, ENODEV for a missing device, EACCES for a broadcast that the socket did not allow (kernel: <c>udp_sendmsg</c>).
    /// </returns>
    public static Errno Output(Ipv4Snapshot net, in RouteQuery query, out Route route)
    {
        var error = Resolve(net, query, out route);
        return error == Errno.None && route.Type == RouteType.Broadcast && !query.AllowBroadcast ? Errno.EACCES : error;
    }

    private static Errno Resolve(Ipv4Snapshot net, in RouteQuery query, out Route route)
    {
        route = default;
        var (source, destination) = (query.Source, query.Destination);
        InetDevice? device = null;
        if (source != 0)
        {
            if (Ipv4Address.IsMulticast(source) || Ipv4Address.IsLimitedBroadcast(source) || net.IsZeroNet(source)) return Errno.EINVAL;
            device = net.DeviceOf(source);
            if (device is null) return net.Version == KernelVersion.V310 ? Errno.EINVAL : Errno.ENETUNREACH;
            if (query.IfIndex == 0 && (Ipv4Address.IsMulticast(destination) || Ipv4Address.IsLimitedBroadcast(destination)))
            {
                return Make(net, null, RouteType.Unspecified, device, source, destination, out route); // where the source lives
            }
        }

        if (query.IfIndex != 0)
        {
            device = net.Device(query.IfIndex);
            if (device is null) return Errno.ENODEV;
            if (!device.Up) return Errno.ENETUNREACH;
            if (Ipv4Address.IsLocalMulticast(destination) || Ipv4Address.IsLimitedBroadcast(destination))
            {
                source = source != 0 ? source : net.SelectAddress(device, 0, RouteScope.Link);
                return Make(net, null, RouteType.Unspecified, device, source, destination, out route);
            }

            if (source == 0 && Ipv4Address.IsMulticast(destination)) source = net.SelectAddress(device, 0, RouteScope.Universe);
            else if (source == 0 && destination == 0) source = net.SelectAddress(device, 0, RouteScope.Host);
        }

        if (destination == 0)
        {
            destination = source != 0 ? source : Ipv4Address.Loopback;
            source = source != 0 ? source : destination;
            return net.LoopbackDevice is { } self
                ? Make(net, null, RouteType.Local, self, source, destination, out route)
                : Errno.ENETUNREACH;
        }

        var scope = query.OnLink ? RouteScope.Link : RouteScope.Universe;
        var error = net.Fib.Lookup(destination, query.IfIndex, scope, out var fib);
        if (error != Errno.None || fib is null)
        {
            if (query.IfIndex == 0 || device is null) return error;
            // A device by name and no route over it: the destination is taken to be on its link.
            source = source != 0 ? source : net.SelectAddress(device, 0, RouteScope.Link);
            return Make(net, null, RouteType.Unicast, device, source, destination, out route);
        }

        if (fib.Type == RouteType.Local)
        {
            if (source == 0) source = fib.PrefSrc != 0 ? fib.PrefSrc : destination;
            return Make(net, null, RouteType.Local, net.LoopbackDevice ?? net.Device(fib.IfIndex), source, destination, out route);
        }

        device = net.Device(fib.IfIndex);
        if (device is null) return Errno.ENETUNREACH;
        if (source == 0) source = fib.PrefSrc != 0 ? fib.PrefSrc : net.SelectAddress(device, fib.Gateway, fib.Scope);
        return Make(net, fib, fib.Type, device, source, destination, out route);
    }

    /// <summary>Kernel: <c>__mkroute_output</c>.</summary>
    private static Errno Make(
        Ipv4Snapshot net, FibRoute? fib, RouteType type, InetDevice? device, uint source, uint destination, out Route route)
    {
        route = default;
        if (device is null) return Errno.ENETUNREACH;
        if (Ipv4Address.IsLoopback(source) && !device.Loopback && !device.RouteLocalnet) return Errno.EINVAL;
        if (Ipv4Address.IsLimitedBroadcast(destination)) type = RouteType.Broadcast;
        else if (Ipv4Address.IsMulticast(destination)) type = RouteType.Multicast;
        else if (net.IsZeroNet(destination)) return Errno.EINVAL;

        var gateway = type == RouteType.Unicast && fib is not null ? fib.Gateway : 0; // groups are never sent to a gateway
        var isLocal = type switch
        {
            RouteType.Local or RouteType.Broadcast => true,
            RouteType.Multicast => device.InGroup(destination),
            _ => device.Loopback,
        };
        route = new Route(type, device.IfIndex, gateway != 0 ? gateway : destination, source, destination,
            fib is null ? device.Mtu : MtuOf(fib, device), isLocal)
        { Metrics = fib?.Metrics };
        return Errno.None;
    }
}
