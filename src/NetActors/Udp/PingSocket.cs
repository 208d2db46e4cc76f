using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// A socket for echo requests and their answers (kernel: <c>socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)</c>, net/ipv4/ping.c). Programs write
/// and read messages with their ICMP header, of which the stack fills in the identifier.
/// </summary>
internal sealed class PingSocket(int id, ushort ident, UdpMemory memory, UdpSettings settings, bool shared = false)
    : InetSocket(id, new UdpReceiveBuffer(memory, settings, shared), settings.WmemDefault)
{
    private uint _local;

    /// <summary>Identifier of its requests, by which answers find it (kernel: <c>inet_num</c>).</summary>
    public ushort Ident { get; private set; } = ident;

    /// <summary>Where requests go that name no address; 0 before connect() (kernel: <c>inet_daddr</c>).</summary>
    public uint Peer { get; private set; }

    /// <inheritdoc />
    public override bool IsConnected => Peer != 0;

    protected override int SocketType => 2; // SOCK_DGRAM

    protected override int Protocol => IpProtocols.Icmp;

    /// <summary>Kernel: <c>ping_bind</c>; the port is the identifier.</summary>
    public override Errno Bind(NetStack stack, SystemCall call)
    {
        if (call.IsAddressShort) return Errno.EINVAL;
        if (call.Family != 2 && (call.Family != 0 || call.Address != 0)) return Errno.EAFNOSUPPORT;
        if (call.Address != 0 && stack.Net.DeviceOf(call.Address) is null) return Errno.EADDRNOTAVAIL;
        if (call.Port != 0 && call.Port != Ident)
        {
            if (stack.Pings.ContainsKey(call.Port)) return Errno.EADDRINUSE;
            var pings = new Dictionary<ushort, PingSocket>(stack.Pings); // other CPUs may be looking one up
            pings.Remove(Ident);
            pings[call.Port] = this;
            (Ident, stack.Pings) = (call.Port, pings);
        }

        _local = call.Address;
        return Errno.None;
    }

    /// <inheritdoc />
    public override Errno Connect(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (!call.HasAddress && call.Family == 0)
        {
            Peer = 0;
            return Errno.None;
        }

        if (call.IsAddressShort) return Errno.EINVAL;
        if (call.Family != 2) return Errno.EAFNOSUPPORT;
        var error = RouteLookup.Output(stack.Net, new RouteQuery(call.Address, _local, BoundDevice, Options.Broadcast), out var route);
        if (error != Errno.None) return IpOutput.NoRoute(error, cpu.Mib);
        Peer = route.Destination;
        return Errno.None;
    }

    public override Errno Send(NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, uint address, ushort port) =>
        (address | Peer) == 0 ? Errno.EDESTADDRREQ : stack.SendEcho(cpu, this, payload, address != 0 ? address : Peer);

    /// <inheritdoc />
    public override Errno Send(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if ((call.Flags & MessageFlags.Oob) != 0) return Errno.EOPNOTSUPP;
        if (call.IsAddressGiven && call.IsAddressShort) return Errno.EINVAL;
        if (call.IsAddressGiven && call.Family != 2) return Errno.EAFNOSUPPORT;
        var error = TakeError();
        if (error != Errno.None) return error;
        return IsSendShutdown ? Errno.EPIPE : Send(stack, cpu, call.Data.Span, call.IsAddressGiven ? call.Address : 0, 0);
    }

    /// <inheritdoc />
    public override Errno SockName(NetStack stack, SystemCall call)
    {
        (call.Address, call.Port, call.HasAddress) = (_local, Ident, true);
        return Errno.None;
    }

    /// <inheritdoc />
    public override Errno PeerName(SystemCall call)
    {
        if (Peer == 0) return Errno.ENOTCONN;
        (call.Address, call.Port, call.HasAddress) = (Peer, 0, true);
        return Errno.None;
    }

    public override void Unbind(NetStack stack)
    {
        var left = new Dictionary<ushort, PingSocket>(stack.Pings); // other CPUs may be looking one up
        left.Remove(Ident);
        stack.Pings = left;
    }

    protected override SkbDropReason Charge(SkBuff skb, MibSet mib)
    {
        if (Buffer.TryCharge(skb.TrueSize) != Errno.None) return SkbDropReason.SOCKET_RCVBUFF;
        skb.Cb.ChargedBytes = skb.TrueSize;
        return SkbDropReason.NOT_DROPPED_YET;
    }

    protected override ushort SourcePort(SkBuff skb) => 0;
}
