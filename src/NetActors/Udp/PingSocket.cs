using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// A socket for echo requests and their answers (kernel: <c>socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)</c>, net/ipv4/ping.c). Programs write
/// and read messages with their ICMP header, of which the stack fills in the identifier.
/// </summary>
internal sealed class PingSocket(int id, ushort ident, UdpMemory memory, UdpSettings settings, bool shared = false)
    : DatagramSocket(id, new UdpReceiveBuffer(memory, settings, shared))
{
    /// <summary>Identifier of its requests, by which answers find it (kernel: <c>inet_num</c>).</summary>
    public ushort Ident { get; } = ident;

    /// <summary>Where requests go that name no address; 0 before connect() (kernel: <c>inet_daddr</c>).</summary>
    public uint Peer { get; set; }

    public override SkbDropReason Receive(SkBuff skb, MibSet mib)
    {
        Buffer.Uncharge(skb.Cb.ChargedBytes);
        skb.Cb.ChargedBytes = 0;
        return SkbDropReason.NOT_DROPPED_YET;
    }

    public override bool TryView(SkBuff skb, out ReadOnlySpan<byte> payload)
    {
        payload = skb.Data;
        return true;
    }

    public override Errno Send(NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, uint address, ushort port) =>
        (address | Peer) == 0 ? Errno.EDESTADDRREQ : stack.SendEcho(cpu, this, payload, address != 0 ? address : Peer);

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
}
