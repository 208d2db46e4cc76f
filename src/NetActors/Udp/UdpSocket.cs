using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>A UDP socket (kernel: <c>struct udp_sock</c>).</summary>
internal sealed class UdpSocket : DatagramSocket
{
    private (uint Local, ushort LocalPort, uint Remote, ushort RemotePort) _lastName;

    public UdpSocket(int id, UdpMemory memory, UdpSettings settings, int? rcvBuf, bool shared = false)
        : base(id, BufferOf(memory, settings, rcvBuf, shared)) => Endpoint = new UdpEndpoint(this);

    public UdpEndpoint Endpoint { get; }

    /// <summary>Its addresses and ports in host order; when it is closed, those it had.</summary>
    public (uint Local, ushort LocalPort, uint Remote, ushort RemotePort) Name => Endpoint.IsBound
        ? (Endpoint.LocalAddress, Endpoint.LocalPort, Endpoint.RemoteAddress, Endpoint.RemotePort)
        : _lastName;

    /// <summary>SO_BROADCAST.</summary>
    public bool Broadcast { get; set; }

    public override SkbDropReason Receive(SkBuff skb, MibSet mib) => UdpReceive.Receive(skb, Buffer, mib);

    public override bool TryView(SkBuff skb, out ReadOnlySpan<byte> payload) => UdpReceive.TryView(skb, out payload);

    public override Errno Send(NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, uint address, ushort port)
    {
        if (port == 0) (address, port) = (Endpoint.RemoteAddress, Endpoint.RemotePort);
        return port == 0 ? Errno.EDESTADDRREQ : stack.SendUdp(cpu, this, payload, address, port);
    }

    public override void Unbind(NetStack stack)
    {
        _lastName = Name;
        stack.Udp.Unbind(Endpoint);
    }

    protected override SkbDropReason Charge(SkBuff skb, MibSet mib) => UdpReceive.Enqueue(skb, Buffer, mib);

    private static UdpReceiveBuffer BufferOf(UdpMemory memory, UdpSettings settings, int? rcvBuf, bool shared)
    {
        var buffer = new UdpReceiveBuffer(memory, settings, shared);
        if (rcvBuf is { } bytes) buffer.SetRcvBuf(bytes);
        return buffer;
    }
}
