using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>A UDP socket (kernel: <c>struct udp_sock</c>).</summary>
internal sealed partial class UdpSocket : InetSocket
{
    private (uint Local, ushort LocalPort, uint Remote, ushort RemotePort) _lastName;
    private bool _addressLocked; // SOCK_BINDADDR_LOCK: bind() gave it
    private bool _portLocked; // SOCK_BINDPORT_LOCK

    public UdpSocket(int id, UdpMemory memory, UdpSettings settings, int? rcvBuf, bool shared = false)
        : base(id, BufferOf(memory, settings, rcvBuf, shared), settings.WmemDefault) => Endpoint = new UdpEndpoint(this);

    public UdpEndpoint Endpoint { get; }

    /// <summary>Flow hash of the last datagram of a connected socket (kernel: <c>sk_rxhash</c>).</summary>
    public uint RxHash { get; private set; }

    /// <inheritdoc />
    public override uint RecordedHash => IsConnected ? RxHash : 0;

    /// <summary>A datagram comes to it (kernel: <c>__udp_queue_rcv_skb</c>).</summary>
    public override void Mark(NetStack stack, HostCpu cpu, SkBuff skb)
    {
        if (Endpoint.RemoteAddress == 0) return;
        if (RxHash != skb.Hash) RxHash = stack.SaveRxHash(RxHash, skb.Hash);
        Endpoint.IncomingCpu = cpu.Cpu.LocalId;
        if (skb.QueueMapping > 0) SendBuffer.RxQueueMapping = skb.QueueMapping - 1; // sk_rx_queue_update
    }

    /// <summary>Its addresses and ports in host order; when it is closed, those it had.</summary>
    public (uint Local, ushort LocalPort, uint Remote, ushort RemotePort) Name => Endpoint.IsBound
        ? (Endpoint.LocalAddress, Endpoint.LocalPort, Endpoint.RemoteAddress, Endpoint.RemotePort)
        : _lastName;

    public override bool IsConnected => Endpoint.IsConnected;

    /// <inheritdoc />
    public override int BoundDevice
    {
        get => Endpoint.BoundDevice;
        set => Endpoint.BoundDevice = value;
    }

    /// <inheritdoc />
    protected override int IncomingCpu
    {
        get => Endpoint.IncomingCpu;
        set => Endpoint.IncomingCpu = value;
    }

    /// <inheritdoc />
    public override void MarkNapiId(int id)
    {
        if (IsConnected || NapiId == 0) NapiId = id; // sk_mark_napi_id, sk_mark_napi_id_once
    }

    protected override int SocketType => 2; // SOCK_DGRAM

    protected override int Protocol => Headers.IpProtocols.Udp;

    protected override ushort PeerPort => Endpoint.RemotePort;

    protected override int FilterCap => Headers.UdpHeader.Size;

    public override SkbDropReason Receive(SkBuff skb, MibSet mib) => UdpReceive.Receive(skb, Buffer, mib);

    public override bool TryView(SkBuff skb, out ReadOnlySpan<byte> payload) => UdpReceive.TryView(skb, out payload);

    /// <inheritdoc />
    public override Errno Bind(NetStack stack, SystemCall call)
    {
        if (call.IsAddressShort) return Errno.EINVAL;
        if (call.Family != 2 && (call.Family != 0 || call.Address != 0)) return Errno.EAFNOSUPPORT;
        var address = call.Address;
        if (address != 0 && !Inet.Freebind && stack.Net.DeviceOf(address) is null
            && stack.Net.Fib.AddressType(address) is not (RouteType.Broadcast or RouteType.Multicast)) return Errno.EADDRNOTAVAIL;
        if (Endpoint.IsBound || Endpoint.IsConnected) return Errno.EINVAL;
        var error = call.Port != 0 ? stack.Udp.Bind(Endpoint, address, call.Port)
            : stack.Udp.BindEphemeral(Endpoint, address, stack.PortLow, stack.PortHigh, stack.Random.NextUInt32());
        if (error == Errno.None) (_addressLocked, _portLocked) = (address != 0, call.Port != 0);
        return error;
    }

    /// <summary>Kernel: <c>__ip4_datagram_connect</c>, <c>__udp_disconnect</c>.</summary>
    public override Errno Connect(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (!call.HasAddress && call.Family == 0) return Disconnect(stack);
        var error = Autobind(stack);
        if (error != Errno.None) return error;
        if (call.IsAddressShort) return Errno.EINVAL;
        if (call.Family != 2) return Errno.EAFNOSUPPORT;
        error = stack.RouteUdp(cpu, this, call.Address, default, Options.DontRoute, out var route);
        if (error == Errno.None) error = stack.Udp.Connect(Endpoint, route.Source, route.Destination, call.Port);
        if (error == Errno.None) SendBuffer.SetFlow(Id, stack.NextTxHash());
        return error;
    }

    /// <summary>A port for a socket that has none yet (kernel: <c>inet_autobind</c>).</summary>
    public Errno Autobind(NetStack stack) => Endpoint.IsBound
        ? Errno.None
        : stack.Udp.BindEphemeral(Endpoint, 0, stack.PortLow, stack.PortHigh, stack.Random.NextUInt32(), autobind: true);

    /// <inheritdoc />
    public override Errno SockName(NetStack stack, SystemCall call)
    {
        (call.Address, call.Port, call.HasAddress) = (Name.Local, Name.LocalPort, true);
        return Errno.None;
    }

    /// <inheritdoc />
    public override Errno PeerName(SystemCall call)
    {
        if (!Endpoint.IsConnected) return Errno.ENOTCONN;
        (call.Address, call.Port, call.HasAddress) = (Endpoint.RemoteAddress, Endpoint.RemotePort, true);
        return Errno.None;
    }

    public override void Unbind(NetStack stack)
    {
        stack.ForgetFlow(RxHash);
        _lastName = Name;
        _cork.Clear();
        stack.Udp.Unbind(Endpoint);
    }

    protected override SkbDropReason Charge(SkBuff skb, MibSet mib) => UdpReceive.Enqueue(skb, Buffer, mib);

    /// <inheritdoc />
    public override void CountNoRoom(MibSet mib) => mib.Add(UdpMib.SndbufErrors);

    /// <inheritdoc />
    protected override void OnFiltered(MibSet mib)
    {
        mib.Add(UdpMib.InErrors);
        base.OnFiltered(mib);
    }

    /// <inheritdoc />
    protected override Errno SetReuse(int option, bool on)
    {
        if (option == SocketOptions.ReusePort) Endpoint.ReusePort = on;
        else Endpoint.ReuseAddress = on;
        return Errno.None;
    }

    /// <inheritdoc />
    protected override bool GetReuse(int option) => option == SocketOptions.ReusePort ? Endpoint.ReusePort : Endpoint.ReuseAddress;

    /// <inheritdoc />
    protected override Errno KeepReuseport(IReuseportProgram program) =>
        ReuseportGroup.Attach(Endpoint, Endpoint.ReusePort, Endpoint.IsBound, program, kept => Endpoint.Program = kept);

    /// <inheritdoc />
    protected override Errno DetachReuseport() => ReuseportGroup.Detach(Endpoint);

    /// <inheritdoc />
    protected override int PathMtu(NetStack stack)
    {
        if (!Endpoint.IsConnected) return 0;
        var query = new RouteQuery(Endpoint.RemoteAddress, Endpoint.LocalAddress, BoundDevice, AllowBroadcast: true);
        return RouteLookup.Output(stack.Net, query, out var route) == Errno.None ? Math.Min(stack.PathMtuOf(route, this), IpOutput.MaxPacket) : 0;
    }

    private Errno Disconnect(NetStack stack)
    {
        SetError(Errno.None);
        if (Endpoint.IsBound) stack.Udp.Disconnect(Endpoint, _addressLocked, _portLocked);
        SendBuffer.SetFlow(0, 0);
        return Errno.None;
    }

    private static UdpReceiveBuffer BufferOf(UdpMemory memory, UdpSettings settings, int? rcvBuf, bool shared)
    {
        var buffer = new UdpReceiveBuffer(memory, settings, shared);
        if (rcvBuf is { } bytes) buffer.SetRcvBuf(bytes);
        return buffer;
    }
}
