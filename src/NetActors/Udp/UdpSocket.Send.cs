using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <content>Output (kernel: <c>udp_sendmsg</c>).</content>
internal sealed partial class UdpSocket
{
    private const int MaxSegments = 128; // UDP_MAX_SEGMENTS
    private readonly UdpCork _cork = new();
    private bool _isCorked; // UDP_CORK
    private ushort _gsoSize; // UDP_SEGMENT

    /// <summary>UDP_GRO: it takes datagrams that were merged.</summary>
    public bool IsGro { get; set; }

    /// <inheritdoc />
    public override Errno Send(NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, uint address, ushort port)
    {
        if (IsSendShutdown) return Errno.EPIPE;
        if (port == 0) (address, port) = (Endpoint.RemoteAddress, Endpoint.RemotePort);
        if (port == 0) return Errno.EDESTADDRREQ;
        var error = stack.RouteUdp(cpu, this, address, default, Options.DontRoute, out var route);
        return error != Errno.None ? error : stack.SendUdp(cpu, this, payload, route, Endpoint.LocalPort, port, default);
    }

    /// <inheritdoc />
    public override Errno Send(NetStack stack, HostCpu cpu, SystemCall call)
    {
        var error = Autobind(stack);
        if (error != Errno.None) return error;
        if (call.Data.Length > ushort.MaxValue) return Errno.EMSGSIZE;
        if ((call.Flags & MessageFlags.Oob) != 0) return Errno.EOPNOTSUPP;
        var isCorked = _isCorked || (call.Flags & MessageFlags.More) != 0;
        if (_cork.IsPending) return Append(stack, cpu, call, isCorked);
        error = Destination(call, out var address, out var port);
        var cookie = new IpCookie { GsoSize = _gsoSize };
        if (error == Errno.None && call.Control.Length > 0) error = InetControl.Send(call.Control, ref cookie);
        if (error != Errno.None) return error;
        error = stack.RouteUdp(cpu, this, address, cookie, Options.DontRoute || (call.Flags & MessageFlags.DontRoute) != 0, out var route);
        if (error != Errno.None) return error;
        error = TakeError(); // sock_alloc_send_skb
        if (error != Errno.None) return error;
        if (IsSendShutdown) return Errno.EPIPE;
        if (!isCorked) return SendNow(stack, cpu, call, route, port, cookie);
        _cork.Begin(route, cookie, Endpoint.LocalPort, port);
        return Append(stack, cpu, call, isCorked: true);
    }

    /// <summary>What is corked leaves (kernel: <c>udp_push_pending_frames</c>).</summary>
    public Errno Push(NetStack stack, HostCpu cpu)
    {
        if (!_cork.IsPending) return Errno.None;
        var owner = _cork.ZeroCopies == 0 ? null : new ZeroCopyOwner(this, _cork.FirstKey, _cork.ZeroCopies, IsCopied(stack, _cork.Route));
        var error = SendSegments(stack, cpu, _cork.Payload, _cork.Route, _cork.SourcePort, _cork.Port, _cork.Cookie, owner);
        owner?.Put();
        _cork.Clear();
        return error;
    }

    /// <inheritdoc />
    protected override Errno SetProtocol(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (call.Level != SocketOptions.SolUdp) return Errno.ENOPROTOOPT;
        if (!SocketOptions.TryReadInt(call.Value, out var number)) return Errno.EINVAL;
        switch (call.Option)
        {
            case SocketOptions.UdpCork:
                _isCorked = number != 0;
                if (!_isCorked) Push(stack, cpu);
                return Errno.None;
            case SocketOptions.UdpSegment when number is < 0 or > ushort.MaxValue:
                return Errno.EINVAL;
            case SocketOptions.UdpSegment:
                _gsoSize = (ushort)number;
                return Errno.None;
            case SocketOptions.UdpGro:
                IsGro = number != 0;
                if (IsGro) stack.Udp.WantsGro = true; // udp_encap_enable; never taken back
                return Errno.None;
            default:
                return Errno.ENOPROTOOPT;
        }
    }

    /// <inheritdoc />
    protected override Errno GetProtocol(SystemCall call)
    {
        if (call.Level != SocketOptions.SolUdp) return Errno.EOPNOTSUPP;
        int? value = call.Option switch
        {
            SocketOptions.UdpCork => _isCorked ? 1 : 0,
            SocketOptions.UdpSegment => _gsoSize,
            SocketOptions.UdpGro => IsGro ? 1 : 0,
            _ => null,
        };
        if (value is null) return Errno.ENOPROTOOPT;
        call.Value = SocketOptions.Int(value.Value);
        return Errno.None;
    }

    private Errno Destination(SystemCall call, out uint address, out ushort port)
    {
        (address, port) = (Endpoint.RemoteAddress, Endpoint.RemotePort);
        if (!call.IsAddressGiven) return Endpoint.IsConnected ? Errno.None : Errno.EDESTADDRREQ;
        if (call.IsAddressShort) return Errno.EINVAL;
        if (call.Family is not (2 or 0)) return Errno.EAFNOSUPPORT;
        (address, port) = (call.Address, call.Port);
        return port == 0 ? Errno.EINVAL : Errno.None;
    }

    private Errno Append(NetStack stack, HostCpu cpu, SystemCall call, bool isCorked)
    {
        var error = TakeError();
        if (error == Errno.None && IsSendShutdown) error = Errno.EPIPE;
        if (error == Errno.None && !SendBuffer.HasRoom) return Errno.EAGAIN;
        if (error == Errno.None)
        {
            error = IpOutput.CheckSize(UdpHeader.Size + _cork.Length + call.Data.Length, _cork.Route, new IpSendOptions(IpProtocols.Udp, Discovery: Inet.KeepsToMtu ? PathMtuDiscovery.Do : PathMtuDiscovery.Dont));
            if (error != Errno.None) LocalError(cpu, error, _cork.Route.Destination, (uint)_cork.Route.Mtu);
        }

        if (error != Errno.None)
        {
            _cork.Clear();
            return error;
        }

        if (IsZeroCopy(call))
        {
            uint key;
            if (_cork.ZeroCopies > 0) key = ZeroCopy.Join();
            else if (!ZeroCopy.TryBegin(out key)) return Errno.ENOBUFS;
            _cork.AddZeroCopy(key);
        }

        _cork.Append(call.Data.Span);
        return isCorked ? Errno.None : Push(stack, cpu);
    }

    private Errno SendNow(NetStack stack, HostCpu cpu, SystemCall call, in Route route, ushort port, in IpCookie cookie)
    {
        if (!IsZeroCopy(call)) return SendSegments(stack, cpu, call.Data.Span, route, Endpoint.LocalPort, port, cookie, null);
        var error = IpOutput.CheckSize(UdpHeader.Size + call.Data.Length, route, new IpSendOptions(IpProtocols.Udp, Discovery: Inet.KeepsToMtu ? PathMtuDiscovery.Do : PathMtuDiscovery.Dont));
        if (error != Errno.None || !SendBuffer.HasRoom) return SendSegments(stack, cpu, call.Data.Span, route, Endpoint.LocalPort, port, cookie, null); // will say why
        if (!ZeroCopy.TryBegin(out var key)) return Errno.ENOBUFS;
        var owner = new ZeroCopyOwner(this, key, 1, IsCopied(stack, route));
        error = SendSegments(stack, cpu, call.Data.Span, route, Endpoint.LocalPort, port, cookie, owner);
        owner.Put();
        return error;
    }

    private bool IsZeroCopy(SystemCall call) => Options.ZeroCopy && (call.Flags & MessageFlags.ZeroCopy) != 0;

    private static bool IsCopied(NetStack stack, in Route route) => !stack.Devices[route.IfIndex - 1].ScatterGather;

    /// <summary>One datagram, or one packet that stands for as many as UDP_SEGMENT asks for (kernel: <c>udp_send_skb</c>).</summary>
    private Errno SendSegments(
        NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, in Route route, ushort sourcePort, ushort port, in IpCookie cookie, IPacketCharge? charge)
    {
        int size = cookie.GsoSize;
        if (size == 0 || payload.Length <= size) return stack.SendUdp(cpu, this, payload, route, sourcePort, port, cookie, charge);
        if (Ipv4Header.Size + UdpHeader.Size + size > route.Mtu) return Errno.EMSGSIZE;
        if (payload.Length > size * MaxSegments || Options.NoCheck) return Errno.EINVAL;
        return stack.SendUdp(cpu, this, payload, route, sourcePort, port, cookie, charge); // one, cut by the card or before it
    }
}
