using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>
/// What IPv4 knows of a device (kernel: <c>struct in_device</c> with <c>net.ipv4.conf.DEV.*</c>, "all" already merged in). Immutable;
/// part of an <see cref="Ipv4Snapshot"/>.
/// </summary>
public sealed record InetDevice
{
    /// <summary>Index of the device, above 0.</summary>
    public required int IfIndex { get; init; }

    /// <summary>Name, for messages.</summary>
    public string Name { get; init; } = "";

    /// <summary>Link address.</summary>
    public MacAddress HardwareAddress { get; init; }

    /// <summary>Largest IP packet in bytes.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Running (<c>IFF_UP</c>).</summary>
    public bool Up { get; init; } = true;

    /// <summary>The loopback device (<c>IFF_LOOPBACK</c>).</summary>
    public bool Loopback { get; init; }

    /// <summary>Neighbours need no resolution (<c>IFF_NOARP</c>).</summary>
    public bool NoArp { get; init; }

    /// <summary>The addresses, first of each network first (<c>ifa_list</c>).</summary>
    public IReadOnlyList<InetAddress> Addresses { get; init; } = [];

    /// <summary>Groups joined (<c>mc_list</c>); 224.0.0.1 is always joined.</summary>
    public IReadOnlyList<uint> Groups { get; init; } = [];

    /// <summary><c>forwarding</c>.</summary>
    public bool Forwarding { get; init; }

    /// <summary><c>send_redirects</c>: tell senders of a better way.</summary>
    public bool SendRedirects { get; init; } = true;

    /// <summary><c>rp_filter</c>: 0 off, 1 strict, 2 loose (RFC 3704).</summary>
    public int RpFilter { get; init; }

    /// <summary><c>accept_local</c>: packets from our own addresses may come in.</summary>
    public bool AcceptLocal { get; init; }

    /// <summary><c>route_localnet</c>: 127.0.0.0/8 is routed like any other network.</summary>
    public bool RouteLocalnet { get; init; }

    /// <summary><c>accept_source_route</c>; off on Linux, since "all" is 0.</summary>
    public bool AcceptSourceRoute { get; init; }

    /// <summary><c>drop_unicast_in_l2_multicast</c> (RFC 1122 section 3.3.6).</summary>
    public bool DropUnicastInL2Multicast { get; init; }

    /// <summary><c>arp_ignore</c>: 0 answer for any local address, 1 only for the device's, 2 and only to its subnet, 8 never.</summary>
    public int ArpIgnore { get; init; }

    /// <summary><c>arp_accept</c>: 0 unsolicited news make no entry, 1 they do, 2 only from our subnets.</summary>
    public int ArpAccept { get; init; }

    /// <summary><c>arp_announce</c>: which source a question bears: 0 any local, 1 one of the target's subnet, 2 the best.</summary>
    public int ArpAnnounce { get; init; }

    /// <summary><c>drop_gratuitous_arp</c>.</summary>
    public bool DropGratuitousArp { get; init; }

    /// <summary>Whether the device is in the group (kernel: <c>ip_check_mc_rcu</c>).</summary>
    public bool InGroup(uint group)
    {
        if (group == 0xE000_0001) return true;
        for (var i = 0; i < Groups.Count; i++)
        {
            if (Groups[i] == group) return true;
        }

        return false;
    }

    /// <summary>Whether the address is one of the device's (kernel: <c>inet_confirm_addr</c> with a local address).</summary>
    /// <param name="local">The address.</param>
    /// <param name="peer">Must lie in the address's subnet; 0 for no matter.</param>
    public bool HasAddress(uint local, uint peer = 0)
    {
        for (var i = 0; i < Addresses.Count; i++)
        {
            var address = Addresses[i].Local;
            if (address.Address == local && (peer == 0 || address.Contains(peer))) return true;
        }

        return false;
    }

    /// <summary>Whether the address lies in a subnet of the device (kernel: <c>inet_addr_onlink</c> with one address).</summary>
    public bool IsOnLink(uint address)
    {
        for (var i = 0; i < Addresses.Count; i++)
        {
            if (Addresses[i].Local.Contains(address)) return true;
        }

        return false;
    }

    /// <summary>
    /// The device's address for packets to <paramref name="destination"/>: one of its subnet, else the first; 0 when none has the scope
    /// (kernel: the device's part of <c>inet_select_addr</c>).
    /// </summary>
    public uint SelectAddress(uint destination, RouteScope scope)
    {
        var first = 0u;
        for (var i = 0; i < Addresses.Count; i++)
        {
            var address = Addresses[i];
            if (address.Secondary || address.Scope > scope) continue;
            if (destination == 0 || address.Local.Contains(destination)) return address.Local.Address;
            if (first == 0) first = address.Local.Address;
        }

        return first;
    }
}
