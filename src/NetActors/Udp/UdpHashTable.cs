using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// The bound UDP sockets of a namespace (kernel: <c>struct udp_table</c>, net/ipv4/udp.c): by port for conflicts and groups, by address
/// and port for lookups. In both the youngest comes first, which decides ties. Changed by one writer; lookups allocate nothing.
/// </summary>
public sealed partial class UdpHashTable
{
    private readonly UdpEndpoint?[] _byPort;
    private readonly UdpEndpoint?[] _byAddress;
    private readonly uint _secret;
    private readonly KernelVersion _version;

    /// <summary>An empty table.</summary>
    /// <param name="secret">Random bits for the keyed hash (kernel: <c>udp_ehash_secret</c>).</param>
    /// <param name="slots">A power of two, at least 256 (kernel: <c>UDP_HTABLE_SIZE_MIN</c>).</param>
    /// <param name="version">Whose choice among equal sockets holds.</param>
    public UdpHashTable(uint secret, int slots = 1024, KernelVersion version = KernelVersion.V6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 256);
        if ((slots & (slots - 1)) != 0) throw new ArgumentOutOfRangeException(nameof(slots), slots, "not a power of two");
        (_secret, _version) = (secret, version);
        _byPort = new UdpEndpoint?[slots];
        _byAddress = new UdpEndpoint?[slots];
    }

    /// <summary>A socket has asked for merged datagrams at some time (kernel: <c>udp_encap_needed_key</c>).</summary>
    public bool WantsGro { get; set; }

    /// <summary>Sockets in the table.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Binds to a port, for any local port see <see cref="BindEphemeral"/> (kernel: <c>udp_lib_get_port</c>). The caller has checked
    /// that the address is ours or a group's (EADDRNOTAVAIL) and that the port is allowed (EACCES).
    /// </summary>
    /// <returns>None, EADDRINUSE for a conflict, EINVAL for a bound endpoint.</returns>
    public Errno Bind(UdpEndpoint endpoint, uint address, ushort port)
    {
        if (endpoint.IsBound || port == 0) return Errno.EINVAL;
        if (InUse(endpoint, address, port, byNumber: true)) return Errno.EADDRINUSE;
        Insert(endpoint, address, port);
        return Errno.None;
    }

    /// <summary>
    /// Connects a bound endpoint to its peer (kernel: <c>__ip4_datagram_connect</c>).
    /// </summary>
    /// <param name="endpoint">Bound; the caller binds it first (<c>inet_autobind</c>).</param>
    /// <param name="source">Source address of the route, taken over by an endpoint bound to any.</param>
    /// <param name="remote">Peer's address in host order.</param>
    /// <param name="remotePort">Peer's port.</param>
    /// <returns>None; EINVAL for an endpoint that is not bound.</returns>
    public Errno Connect(UdpEndpoint endpoint, uint source, uint remote, ushort remotePort)
    {
        if (!endpoint.IsBound) return Errno.EINVAL;
        if (endpoint.LocalAddress == 0) Rehash(endpoint, source);
        (endpoint.RemoteAddress, endpoint.RemotePort, endpoint.IsConnected) = (remote, remotePort, true);
        if (endpoint.Group is not null) endpoint.Group.HasConnections = true;
        return Errno.None;
    }

    /// <summary>
    /// Takes the peer away (<c>connect</c> with AF_UNSPEC; kernel: <c>__udp_disconnect</c>).
    /// </summary>
    /// <param name="endpoint">A connected endpoint.</param>
    /// <param name="addressLocked">The address was given to <c>bind</c> and stays (<c>SOCK_BINDADDR_LOCK</c>).</param>
    /// <param name="portLocked">The port was given to <c>bind</c> and stays (<c>SOCK_BINDPORT_LOCK</c>); else unbound.</param>
    public void Disconnect(UdpEndpoint endpoint, bool addressLocked, bool portLocked)
    {
        (endpoint.RemoteAddress, endpoint.RemotePort, endpoint.IsConnected) = (0, 0, false);
        if (!portLocked) Unbind(endpoint);
        else if (!addressLocked && endpoint.LocalAddress != 0) Rehash(endpoint, 0);
    }

    /// <summary>Takes the endpoint out; does nothing when it is not bound (kernel: <c>udp_lib_unhash</c>).</summary>
    public void Unbind(UdpEndpoint endpoint)
    {
        if (!endpoint.IsBound) return;
        endpoint.Group?.Remove(endpoint);
        RemoveByPort(endpoint);
        RemoveByAddress(endpoint);
        (endpoint.IsBound, endpoint.LocalPort, endpoint.LocalAddress) = (false, 0, 0);
        (endpoint.RemoteAddress, endpoint.RemotePort, endpoint.IsConnected) = (0, 0, false);
        Count--;
    }

    private void Insert(UdpEndpoint endpoint, uint address, ushort port)
    {
        (endpoint.LocalAddress, endpoint.LocalPort, endpoint.IsBound) = (address, port, true);
        if (endpoint.ReusePort && _version == KernelVersion.V6) JoinGroup(endpoint);
        ref var portSlot = ref _byPort[PortSlot(port)];
        (endpoint.PortNext, portSlot) = (portSlot, endpoint);
        ref var addressSlot = ref _byAddress[AddressSlot(address, port)];
        (endpoint.AddressNext, addressSlot) = (addressSlot, endpoint);
        Count++;
    }

    /// <summary>Kernel: <c>udp_reuseport_add_sock</c>.</summary>
    private void JoinGroup(UdpEndpoint endpoint)
    {
        for (var other = _byPort[PortSlot(endpoint.LocalPort)]; other is not null; other = other.PortNext)
        {
            if (other.LocalPort != endpoint.LocalPort || !other.ReusePort || other.Group is null || other.Uid != endpoint.Uid) continue;
            if (other.BoundDevice != endpoint.BoundDevice || other.LocalAddress != endpoint.LocalAddress) continue;
            other.Group.Add(endpoint);
            return;
        }

        new ReuseportGroup().Add(endpoint);
    }

    /// <summary>
    /// Kernel: <c>udp_lib_lport_inuse</c>. For a port by number the walk ends at the first socket that shares by SO_REUSEPORT, as there.
    /// </summary>
    private bool InUse(UdpEndpoint endpoint, uint address, ushort port, bool byNumber)
    {
        for (var other = _byPort[PortSlot(port)]; other is not null; other = other.PortNext)
        {
            if (other.LocalPort != port || (other.ReuseAddress && endpoint.ReuseAddress)) continue;
            if (other.BoundDevice != 0 && endpoint.BoundDevice != 0 && other.BoundDevice != endpoint.BoundDevice) continue;
            if (other.LocalAddress != address && other.LocalAddress != 0 && address != 0) continue;
            if (!other.ReusePort || !endpoint.ReusePort || other.Uid != endpoint.Uid) return true;
            if (byNumber) return false;
        }

        return false;
    }

    /// <summary>Kernel: <c>udp_lib_rehash</c>.</summary>
    private void Rehash(UdpEndpoint endpoint, uint address)
    {
        RemoveByAddress(endpoint);
        endpoint.LocalAddress = address;
        ref var slot = ref _byAddress[AddressSlot(address, endpoint.LocalPort)];
        (endpoint.AddressNext, slot) = (slot, endpoint);
    }

    private void RemoveByPort(UdpEndpoint endpoint)
    {
        ref var slot = ref _byPort[PortSlot(endpoint.LocalPort)];
        if (slot == endpoint) slot = endpoint.PortNext;
        else
        {
            var before = slot;
            while (before!.PortNext != endpoint) before = before.PortNext;
            before.PortNext = endpoint.PortNext;
        }

        endpoint.PortNext = null;
    }

    private void RemoveByAddress(UdpEndpoint endpoint)
    {
        ref var slot = ref _byAddress[AddressSlot(endpoint.LocalAddress, endpoint.LocalPort)];
        if (slot == endpoint) slot = endpoint.AddressNext;
        else
        {
            var before = slot;
            while (before!.AddressNext != endpoint) before = before.AddressNext;
            before.AddressNext = endpoint.AddressNext;
        }

        endpoint.AddressNext = null;
    }

    private int PortSlot(ushort port) => port & (_byPort.Length - 1);

    private int AddressSlot(uint address, ushort port) => (int)(JenkinsHash.Hash1Word(address, 0) ^ port) & (_byAddress.Length - 1);
}
