using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>
/// Devices and routes of a namespace as the packet path reads them: immutable, replaced whole by the control plane, as RCU does
/// (kernel: <c>struct netns_ipv4</c>).
/// </summary>
public sealed class Ipv4Snapshot
{
    private readonly InetDevice?[] _byIndex;
    private readonly uint[] _own; // every address of every device

    private Ipv4Snapshot(IReadOnlyList<InetDevice> devices, FibTable fib, KernelVersion version)
    {
        (Devices, Fib, Version) = (devices, fib, version);
        _byIndex = new InetDevice?[devices.Count == 0 ? 0 : devices.Max(d => d.IfIndex) + 1];
        foreach (var device in devices) _byIndex[device.IfIndex] = device;
        _own = [.. devices.SelectMany(d => d.Addresses).Select(a => a.Local.Address).Distinct()];
        LoopbackDevice = devices.FirstOrDefault(d => d.Loopback);
    }

    /// <summary>All devices, in order of creation.</summary>
    public IReadOnlyList<InetDevice> Devices { get; }

    /// <summary>All routes.</summary>
    public FibTable Fib { get; }

    /// <summary>Whose rules hold where kernels differ.</summary>
    public KernelVersion Version { get; }

    /// <summary>The loopback device; null in a namespace without one.</summary>
    public InetDevice? LoopbackDevice { get; }

    /// <summary>
    /// Builds the tables: the routes that the addresses bring (<see cref="FibFrontend"/>) and those by hand, but for routes over
    /// devices that are missing or down (kernel: <c>fib_sync_down_dev</c>).
    /// </summary>
    public static Ipv4Snapshot Create(
        IReadOnlyList<InetDevice> devices, IEnumerable<FibRoute>? routes = null, KernelVersion version = KernelVersion.V6) =>
        new(devices, FibTable.Create([
            .. devices.SelectMany(d => FibFrontend.RoutesOf(d, version)),
            .. (routes ?? []).Where(r => r.IfIndex == 0 || devices.Any(d => d.IfIndex == r.IfIndex && d.Up))]), version);

    /// <summary>The device with this index; null when there is none.</summary>
    public InetDevice? Device(int ifIndex) => (uint)ifIndex < (uint)_byIndex.Length ? _byIndex[ifIndex] : null;

    /// <summary>Whether the address is one of ours on any device (kernel: <c>inet_lookup_ifaddr_rcu</c>).</summary>
    public bool IsOwnAddress(uint address) => _own.AsSpan().Contains(address);

    /// <summary>The device that has or routes this local address; null when it is not local (kernel: <c>__ip_dev_find</c>).</summary>
    public InetDevice? DeviceOf(uint address)
    {
        for (var i = 0; i < Devices.Count; i++)
        {
            if (Devices[i].HasAddress(address)) return Devices[i];
        }

        return Fib.TryLookup(address, out var route) && route.Type == RouteType.Local ? Device(route.IfIndex) : null;
    }

    /// <summary>
    /// A source address for packets that leave by <paramref name="device"/>; one of another device when it has none; 0 when nobody has
    /// (kernel: <c>inet_select_addr</c>).
    /// </summary>
    public uint SelectAddress(InetDevice device, uint destination, RouteScope scope)
    {
        var address = device.SelectAddress(destination, scope);
        for (var i = 0; address == 0 && i < Devices.Count; i++)
        {
            for (var j = 0; j < Devices[i].Addresses.Count; j++)
            {
                var other = Devices[i].Addresses[j];
                if (other.Scope == RouteScope.Link || other.Scope > scope) continue;
                address = other.Local.Address;
                break;
            }
        }

        return address;
    }

    /// <summary>True for addresses that name no host: 0.0.0.0, and on 3.10 all of 0.0.0.0/8 (kernel: <c>ipv4_is_zeronet</c>).</summary>
    public bool IsZeroNet(uint address) => address == 0 || (Version == KernelVersion.V310 && Ipv4Address.IsZeroNet(address));
}
