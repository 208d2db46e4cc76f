using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>A socket for the packets of one protocol above IP, with their IP headers (kernel: <c>struct raw_sock</c>, net/ipv4/raw.c).</summary>
internal sealed class RawSocket : InetSocket
{
    private readonly int _protocol;
    private uint _local;
    private uint _remote;
    private uint _icmpFilter; // a bit for each type that it does not want

    /// <summary>A socket of a protocol; with IPPROTO_RAW it sends only, and writes the headers itself.</summary>
    public RawSocket(int id, UdpReceiveBuffer buffer, int sndBuf, int protocol)
        : base(id, buffer, sndBuf, isRaw: true)
    {
        _protocol = protocol;
        Inet.HeaderIncluded = protocol == IpProtocols.Raw;
    }

    /// <summary>Which packets it takes, and what it writes into headers.</summary>
    public byte IpProtocol => (byte)_protocol;

    /// <summary>Bound address in host order; 0 for any.</summary>
    public uint LocalAddress => _local;

    /// <inheritdoc />
    public override bool IsConnected => _remote != 0;

    protected override int SocketType => 3; // SOCK_RAW

    protected override int Protocol => _protocol;

    protected override int FilterCap => Ipv4Header.Size;

    /// <inheritdoc />
    public override int NextLength => TryPeek(Time.KernelTime.Never, out var skb) ? skb.Length : 0;

    /// <summary>Whether it takes a packet, whose data begins at the IP header (kernel: <c>raw_v4_match</c>, <c>icmp_filter</c>).</summary>
    public bool Wants(SkBuff skb)
    {
        if (_protocol != skb.Cb.IpProtocol || !Matches(skb.Cb.DestinationAddress, skb.Cb.SourceAddress) || (BoundDevice != 0 && BoundDevice != skb.IfIndex)) return false;
        if (_protocol != IpProtocols.Icmp || _icmpFilter == 0) return true;
        var type = skb.HeadFrom(skb.TransportHeader);
        return type.IsEmpty || type[0] >= 32 || (_icmpFilter & (1u << type[0])) == 0;
    }

    /// <summary>Whether it has sent what an ICMP error is about.</summary>
    public bool Matches(uint local, uint remote) => (_local == 0 || _local == local) && (_remote == 0 || _remote == remote);

    /// <summary>Kernel: <c>raw_bind</c>, which looks at no family.</summary>
    public override Errno Bind(NetStack stack, SystemCall call)
    {
        if (IsConnected || call.IsAddressShort) return Errno.EINVAL;
        if (call.Address != 0 && !Inet.Freebind && stack.Net.DeviceOf(call.Address) is null
            && stack.Net.Fib.AddressType(call.Address) is not (RouteType.Broadcast or RouteType.Multicast)) return Errno.EADDRNOTAVAIL;
        _local = call.Address;
        return Errno.None;
    }

    /// <inheritdoc />
    public override Errno Connect(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (!call.HasAddress && call.Family == 0)
        {
            (_remote, _remotePort) = (0, 0);
            return Errno.None;
        }

        if (call.IsAddressShort) return Errno.EINVAL;
        if (call.Family != 2) return Errno.EAFNOSUPPORT;
        var error = RouteLookup.Output(stack.Net, new RouteQuery(call.Address, _local, BoundDevice, Options.Broadcast), out var route);
        if (error != Errno.None) return IpOutput.NoRoute(error, cpu.Mib);
        if (_local == 0) _local = route.Source;
        (_remote, _remotePort) = (route.Destination, call.Port);
        return Errno.None;
    }

    /// <summary>Kernel: <c>raw_sendmsg</c>.</summary>
    public override Errno Send(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (call.Data.Length > ushort.MaxValue) return Errno.EMSGSIZE;
        if ((call.Flags & MessageFlags.Oob) != 0) return Errno.EOPNOTSUPP;
        var destination = _remote;
        if (call.IsAddressGiven)
        {
            if (call.IsAddressShort) return Errno.EINVAL;
            if (call.Family is not (2 or 0)) return Errno.EAFNOSUPPORT;
            destination = call.Address;
        }
        else if (!IsConnected)
        {
            return Errno.EDESTADDRREQ;
        }

        var cookie = default(IpCookie);
        var error = call.Control.Length > 0 ? InetControl.Send(call.Control, ref cookie) : Errno.None;
        if (error == Errno.None) error = TakeError();
        if (error == Errno.None && IsSendShutdown) error = Errno.EPIPE;
        return error != Errno.None ? error : stack.SendRaw(cpu, this, call.Data.Span, destination, cookie);
    }

    public override Errno Send(NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, uint address, ushort port) =>
        (address | _remote) == 0 ? Errno.EDESTADDRREQ : stack.SendRaw(cpu, this, payload, address != 0 ? address : _remote, default);

    /// <inheritdoc />
    public override Errno SockName(NetStack stack, SystemCall call)
    {
        (call.Address, call.Port, call.HasAddress) = (_local, (ushort)_protocol, true);
        return Errno.None;
    }

    /// <inheritdoc />
    public override Errno PeerName(SystemCall call)
    {
        if (!IsConnected) return Errno.ENOTCONN;
        (call.Address, call.Port, call.HasAddress) = (_remote, _remotePort, true);
        return Errno.None;
    }

    public override void Unbind(NetStack stack) => stack.RemoveRaw(this);

    protected override ushort SourcePort(SkBuff skb) => 0;

    protected override SkbDropReason Charge(SkBuff skb, MibSet mib)
    {
        if (Buffer.TryCharge(skb.TrueSize) != Errno.None) return SkbDropReason.SOCKET_RCVBUFF;
        skb.Cb.ChargedBytes = skb.TrueSize;
        return SkbDropReason.NOT_DROPPED_YET;
    }

    protected override Errno SetProtocol(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (call.Level != SocketOptions.SolRaw || call.Option != SocketOptions.IcmpFilter) return Errno.ENOPROTOOPT;
        if (_protocol != IpProtocols.Icmp) return Errno.EOPNOTSUPP;
        Span<byte> filter = stackalloc byte[4];
        call.Value.AsSpan(0, Math.Min(4, call.Value.Length)).CopyTo(filter);
        _icmpFilter = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(filter);
        return Errno.None;
    }

    protected override Errno GetProtocol(SystemCall call)
    {
        if (call.Level != SocketOptions.SolRaw) return Errno.EOPNOTSUPP;
        if (call.Option != SocketOptions.IcmpFilter) return Errno.ENOPROTOOPT;
        if (_protocol != IpProtocols.Icmp) return Errno.EOPNOTSUPP;
        call.Value = SocketOptions.Int((int)_icmpFilter);
        return Errno.None;
    }

    private ushort _remotePort;
}
