using NetActors.Headers;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Control;

/// <summary>
/// Devices, addresses and routes of a namespace as <c>ip</c> changes them (kernel: net/ipv4/devinet.c, fib_frontend.c; rtnetlink). Every
/// change makes a new <see cref="Ipv4Snapshot"/>, which the packet path reads without a lock. Knows no actor.
/// </summary>
public sealed class RtnlTables
{
    private readonly KernelVersion _version;
    private readonly List<InetDevice> _devices;
    private readonly List<FibRoute> _routes;

    /// <summary>Begins from what a host was built with.</summary>
    /// <param name="devices">Its devices.</param>
    /// <param name="routes">Routes that were added by hand; those that addresses bring are made again.</param>
    /// <param name="version">Whose rules hold.</param>
    public RtnlTables(IEnumerable<InetDevice> devices, IEnumerable<FibRoute> routes, KernelVersion version)
    {
        (_version, _devices, _routes) = (version, [.. devices], [.. routes]);
        Snapshot = Build();
    }

    /// <summary>How things stand now.</summary>
    public Ipv4Snapshot Snapshot { get; private set; }

    /// <summary><c>ip route add</c>, or <c>replace</c>: EEXIST, ENETUNREACH for a gateway that is not on a link, ENODEV, ENETDOWN.</summary>
    public Errno AddRoute(FibRoute route, bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(route);
        var error = Check(route);
        if (error != Errno.None) return error;
        var at = _routes.FindIndex(r => IsSame(r, route));
        if (at >= 0 && !replace) return Errno.EEXIST; // fib_table_insert: same prefix and metric
        if (at >= 0) _routes[at] = route;
        else _routes.Add(route);
        return Publish();
    }

    /// <summary><c>ip route del</c>: ESRCH when there is no such route.</summary>
    public Errno DeleteRoute(FibRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        var at = _routes.FindIndex(r => r.Prefix == route.Prefix && r.Table == route.Table && (route.Metric == 0 || r.Metric == route.Metric)
            && (route.Gateway == 0 || r.Gateway == route.Gateway) && (route.IfIndex == 0 || r.IfIndex == route.IfIndex));
        if (at < 0) return Errno.ESRCH;
        _routes.RemoveAt(at);
        return Publish();
    }

    /// <summary><c>ip addr add</c>: ENODEV, EEXIST. A further address of a network that the device is in is secondary.</summary>
    public Errno AddAddress(int ifIndex, InetAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var at = Find(ifIndex);
        if (at < 0) return Errno.ENODEV;
        var device = _devices[at];
        if (device.Addresses.Any(a => a.Local.Address == address.Local.Address && a.Local.Length == address.Local.Length)) return Errno.EEXIST;
        var secondary = device.Addresses.Any(a => !a.Secondary && a.Local.Masked == address.Local.Masked);
        _devices[at] = device with { Addresses = [.. device.Addresses, address with { Secondary = secondary }] };
        return Publish();
    }

    /// <summary>
    /// <c>ip addr del</c>: ENODEV, EADDRNOTAVAIL. With the first address of a network its secondary ones go too, as without
    /// <c>promote_secondaries</c>; routes that prefer the address go with it.
    /// </summary>
    public Errno DeleteAddress(int ifIndex, Ipv4Prefix address)
    {
        var at = Find(ifIndex);
        if (at < 0) return Errno.ENODEV;
        var device = _devices[at];
        var gone = device.Addresses.FirstOrDefault(a => a.Local == address);
        if (gone is null) return Errno.EADDRNOTAVAIL;
        bool Goes(InetAddress a) => a == gone || (!gone.Secondary && a.Secondary && a.Local.Masked == gone.Local.Masked);
        var lost = device.Addresses.Where(Goes).Select(a => a.Local.Address).ToHashSet();
        _devices[at] = device with { Addresses = [.. device.Addresses.Where(a => !Goes(a))] };
        _routes.RemoveAll(r => r.PrefSrc != 0 && lost.Contains(r.PrefSrc)); // fib_sync_down_addr
        return Publish();
    }

    /// <summary><c>ip link set</c>: ENODEV; EINVAL for an MTU below 68, with which IPv4 ends (RFC 791).</summary>
    public Errno SetLink(int ifIndex, bool? up = null, int? mtu = null)
    {
        var at = Find(ifIndex);
        if (at < 0) return Errno.ENODEV;
        if (mtu is < 68 or > 65_536) return Errno.EINVAL;
        var device = _devices[at];
        if (up == false && device.Up) _routes.RemoveAll(r => r.IfIndex == ifIndex); // fib_sync_down_dev; they do not come back by themselves
        _devices[at] = device with { Up = up ?? device.Up, Mtu = mtu ?? device.Mtu };
        return Publish();
    }

    /// <summary>
    /// <c>sysctl net.ipv4.conf.DEVICE.forwarding</c>, or with 0 for a device of all of them, as <c>net.ipv4.ip_forward</c> does: ENODEV.
    /// </summary>
    public Errno SetForwarding(bool on, int ifIndex = 0)
    {
        if (ifIndex != 0 && Find(ifIndex) < 0) return Errno.ENODEV;
        for (var i = 0; i < _devices.Count; i++)
        {
            if (ifIndex == 0 || _devices[i].IfIndex == ifIndex) _devices[i] = _devices[i] with { Forwarding = on };
        }

        return Publish();
    }

    private static bool IsSame(FibRoute a, FibRoute b) => a.Prefix == b.Prefix && a.Table == b.Table && a.Metric == b.Metric;

    private Errno Check(FibRoute route)
    {
        if (route.Type is not (RouteType.Unicast or RouteType.Local or RouteType.Broadcast)) return Errno.None;
        if (route.IfIndex != 0 && Find(route.IfIndex) < 0) return Errno.ENODEV;
        if (route.IfIndex != 0 && !_devices[Find(route.IfIndex)].Up) return Errno.ENETDOWN;
        if (route.Gateway == 0) return route.IfIndex == 0 ? Errno.ENODEV : Errno.None;
        if (Snapshot.IsOwnAddress(route.Gateway)) return Errno.EINVAL;
        var reached = _devices.Any(d => d.Up && (route.IfIndex == 0 || d.IfIndex == route.IfIndex)
            && d.Addresses.Any(a => a.Local.Masked == new Ipv4Prefix(route.Gateway, a.Local.Length).Masked));
        return reached ? Errno.None : Errno.ENETUNREACH; // fib_check_nh
    }

    private int Find(int ifIndex) => _devices.FindIndex(d => d.IfIndex == ifIndex);

    private Errno Publish()
    {
        Snapshot = Build();
        return Errno.None;
    }

    private Ipv4Snapshot Build() => Ipv4Snapshot.Create([.. _devices], _routes, _version);
}
