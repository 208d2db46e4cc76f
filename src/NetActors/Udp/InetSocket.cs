using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>A socket of IPv4 that receives packets whole (kernel: <c>struct inet_sock</c>): its options and what it hears by ICMP.</summary>
internal abstract class InetSocket(int id, UdpReceiveBuffer buffer, int sndBuf, bool isRaw = false) : DatagramSocket(id, buffer, sndBuf)
{
    /// <summary>Options of level SOL_IP.</summary>
    public InetOptions Inet { get; } = new(isRaw);

    /// <inheritdoc />
    protected override Errno SetLevel(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (call.Level != SocketOptions.SolIp) return SetProtocol(stack, cpu, call);
        var error = Inet.Set(call.Option, call.Value, Options);
        if (error == Errno.None && !Inet.RecvErr) Errors.Clear();
        return error;
    }

    /// <inheritdoc />
    protected override Errno GetLevel(NetStack stack, SystemCall call)
    {
        if (call.Level != SocketOptions.SolIp) return GetProtocol(call);
        if (call.Option == SocketOptions.IpMtu)
        {
            var mtu = PathMtu(stack);
            if (mtu == 0) return Errno.ENOTCONN;
            call.Value = SocketOptions.Int(mtu);
            return Errno.None;
        }

        if (Inet.Get(call.Option) is not { } value) return Errno.ENOPROTOOPT;
        call.Value = SocketOptions.Int(value);
        return Errno.None;
    }

    /// <summary>setsockopt() of the protocol's own level.</summary>
    protected virtual Errno SetProtocol(NetStack stack, HostCpu cpu, SystemCall call) => Errno.ENOPROTOOPT;

    /// <summary>getsockopt() of the protocol's own level.</summary>
    protected virtual Errno GetProtocol(SystemCall call) => Errno.EOPNOTSUPP;

    /// <summary>IP_MTU: what the path to the peer takes, in bytes; 0 without a peer.</summary>
    protected virtual int PathMtu(NetStack stack) => 0;

    /// <inheritdoc />
    public override void Describe(NetStack stack, SkBuff skb, SystemCall call)
    {
        (call.Address, call.Port, call.HasAddress) = (skb.Cb.SourceAddress, SourcePort(skb), true);
        if (call.Received is not { } writer) return;
        SocketControl.Receive(writer, skb, Options);
        if (this is UdpSocket { IsGro: true } && skb.Shared.GsoSize > 0) writer.Put(SocketOptions.SolUdp, SocketOptions.UdpGro, skb.Shared.GsoSize); // udp_cmsg_recv
        if (Inet.Wanted == InetMessages.None) return;
        var net = stack.Net;
        var local = skb.Cb.DestinationAddress;
        if (net.Device(skb.IfIndex) is { } device && !net.IsOwnAddress(local) && !device.Loopback) local = net.SelectAddress(device, skb.Cb.SourceAddress, RouteScope.Link);
        InetControl.Receive(writer, skb, Inet.Wanted, local);
    }

    /// <summary>The port that goes with a packet's source address.</summary>
    protected virtual ushort SourcePort(SkBuff skb) => skb.Cb.SourcePort;

    /// <inheritdoc />
    public override void DescribeError(QueuedError error, SystemCall call)
    {
        call.HasAddress = error.HasAddress;
        (call.Address, call.Port) = (error.Address, error.Port);
        if (call.Received is { } writer) InetControl.Error(writer, error);
    }

    /// <summary>
    /// An ICMP error about what it sent (kernel: <c>__udp4_lib_err</c>, <c>raw_err</c>, <c>ip_icmp_error</c>): with IP_RECVERR it waits in the
    /// queue, without only final ones count, and only on a connected socket.
    /// </summary>
    /// <param name="cpu">The CPU that runs.</param>
    /// <param name="notice">The error.</param>
    /// <param name="offender">Who sent it.</param>
    /// <param name="payload">What it shows of our packet, behind the transport's header.</param>
    public void OnIcmp(HostCpu cpu, in IcmpNotice notice, uint offender, ReadOnlySpan<byte> payload)
    {
        var errno = notice.ToErrno(out var hard);
        if (errno == Errno.None || (errno == Errno.EMSGSIZE && Inet.Discover == (byte)PathMtuDiscovery.Dont)) return;
        if (Inet.RecvErr)
        {
            var error = new ExtendedError(errno, ErrorOrigin.Icmp, notice.Type, notice.Code, notice.Info);
            Queue(new QueuedError(error, notice.Destination, notice.DestinationPort, offender, payload.ToArray()));
        }
        else if (!hard || !IsConnected)
        {
            return;
        }

        Report(cpu, errno);
    }

    /// <summary>A call of its own could not send (kernel: <c>ip_local_error</c>).</summary>
    public void LocalError(HostCpu cpu, Errno errno, uint destination, uint info)
    {
        if (!Inet.RecvErr) return;
        Queue(new QueuedError(new ExtendedError(errno, ErrorOrigin.Local, Info: info), destination, PeerPort, 0, []));
        ReportQueue(cpu);
    }

    /// <summary>Port of its peer; 0 without one.</summary>
    protected virtual ushort PeerPort => 0;
}
