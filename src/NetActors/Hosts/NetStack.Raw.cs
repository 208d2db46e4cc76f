using NetActors.Buffers;
using NetActors.DataLink;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <content>Packet and raw sockets: copies of what passes, and what they send (kernel: net/packet/af_packet.c, net/ipv4/raw.c).</content>
internal sealed partial class NetStack
{
    private PacketSocket[] _taps = []; // replaced whole (ptype_all, ptype_base)
    private RawSocket[] _raws = [];

    /// <summary>A packet socket sees packets from now on (kernel: <c>register_prot_hook</c>).</summary>
    public void AddTap(PacketSocket socket) => _taps = [.. _taps, socket];

    /// <summary>And no more.</summary>
    public void RemoveTap(PacketSocket socket) => _taps = [.. _taps.Where(tap => !ReferenceEquals(tap, socket))];

    /// <summary>A raw socket takes packets from now on (kernel: <c>raw_hash_sk</c>).</summary>
    public void AddRaw(RawSocket socket) => _raws = [.. _raws, socket];

    /// <summary>And no more.</summary>
    public void RemoveRaw(RawSocket socket) => _raws = [.. _raws.Where(raw => !ReferenceEquals(raw, socket))];

    /// <summary>
    /// Shows a frame to the packet sockets as its device's driver is to get it: behind the queue, cut if the card does not cut it, and once more
    /// when the driver had no room (kernel: <c>xmit_one</c>, <c>dev_queue_xmit_nit</c>). What the queue drops nobody sees.
    /// </summary>
    public void ShowOutgoing(HostCpu cpu, SkBuff skb, NetDevice device)
    {
        if (_taps.Length > 0) Tap(cpu, skb, device, isOutgoing: true);
    }

    /// <summary>Shows a packet to the packet sockets (kernel: <c>deliver_skb</c>, <c>dev_queue_xmit_nit</c>).</summary>
    private void Tap(HostCpu cpu, SkBuff skb, NetDevice device, bool isOutgoing)
    {
        var etherType = skb.Protocol;
        var (hand, sent) = (cpu.Hand, cpu.Out);
        foreach (var socket in _taps)
        {
            if (!socket.Wants(device.IfIndex, etherType, isOutgoing) || socket.IsSender(skb)) continue;
            var copy = skb.Clone(cpu.Pool);
            if (copy is null) continue; // as Linux: an unseen packet counts nowhere
            copy.IfIndex = device.IfIndex;
            if (isOutgoing) (copy.PacketType, copy.Tstamp) = (PacketType.Outgoing, Time.KernelTime.Zero); // net_timestamp_set: not when it was to leave
            cpu.Originate(copy);
            socket.Arrange(copy, device);
            QueueToSocket(cpu, socket, copy);
        }

        (cpu.Hand, cpu.Out) = (hand, sent);
    }

    /// <summary>Gives copies of a packet for us, whose data begins at its IP header, to the raw sockets (kernel: <c>raw_local_deliver</c>).</summary>
    /// <returns>Somebody took one.</returns>
    private bool DeliverRaw(HostCpu cpu, SkBuff skb)
    {
        var taken = false;
        var hand = cpu.Hand;
        foreach (var socket in _raws)
        {
            if (!socket.Wants(skb)) continue;
            taken = true;
            var copy = skb.Clone(cpu.Pool);
            if (copy is null) continue;
            cpu.Originate(copy);
            copy.Cb.PayloadLength = copy.Length;
            QueueToSocket(cpu, socket, copy);
        }

        cpu.Hand = hand;
        return taken;
    }

    /// <summary>An ICMP error about a packet of a raw socket (kernel: <c>raw_icmp_error</c>).</summary>
    private void NotifyRaw(HostCpu cpu, SkBuff skb, in IcmpNotice notice)
    {
        foreach (var socket in _raws)
        {
            if (socket.IpProtocol != notice.Protocol || !socket.Matches(notice.Source, notice.Destination)) continue;
            socket.OnIcmp(cpu, notice with { DestinationPort = 0 }, skb.Cb.SourceAddress, socket.Inet.HeaderIncluded ? PacketOf(skb) : PayloadOf(skb, 0));
        }
    }

    private static ReadOnlySpan<byte> PacketOf(SkBuff skb) => IcmpHeader.TryParse(skb.Data, out var icmp) ? icmp.Payload : [];

    /// <summary>Sends a packet of a raw socket (kernel: <c>raw_sendmsg</c>, <c>raw_send_hdrinc</c>).</summary>
    public Errno SendRaw(HostCpu cpu, RawSocket socket, ReadOnlySpan<byte> payload, uint destination, in IpCookie cookie)
    {
        var inet = socket.Inet;
        var query = new RouteQuery(
            destination, cookie.Source != 0 ? cookie.Source : socket.LocalAddress, cookie.IfIndex != 0 ? cookie.IfIndex : socket.BoundDevice,
            socket.Options.Broadcast, socket.Options.DontRoute);
        var error = RouteLookup.Output(Net, query, out var route);
        if (error != Errno.None) return IpOutput.NoRoute(error, cpu.Mib);
        var options = new IpSendOptions(
            socket.IpProtocol, cookie.HasTos ? cookie.Tos : inet.Tos, cookie.Ttl != 0 ? cookie.Ttl : inet.TtlFor(route.Type == RouteType.Multicast), inet.Discovery);
        var fits = inet.HeaderIncluded ? payload.Length <= route.Mtu : IpOutput.CheckSize(payload.Length, route, options) == Errno.None;
        if (!fits)
        {
            socket.LocalError(cpu, Errno.EMSGSIZE, route.Destination, (uint)route.Mtu);
            return Errno.EMSGSIZE;
        }

        if (inet.HeaderIncluded && (payload.Length < Ipv4Header.Size || (payload[0] & 0xF) * 4 > payload.Length)) return Errno.EINVAL;
        if (!socket.SendBuffer.HasRoom) return Errno.EAGAIN;
        var skb = Allocate(cpu, EthernetOutput.Headroom + Ipv4Header.Size, payload.Length);
        if (skb is null) return Errno.ENOBUFS;
        payload.CopyTo(skb.Put(payload.Length));
        (skb.Id, skb.Arrival, skb.Priority, skb.Mark) = (cpu.NextPacketId(), cpu.Cpu.Now, socket.Options.Priority, socket.Options.Mark);
        if (inet.HeaderIncluded) CompleteHeader(skb, route, cpu.Mib);
        else IpOutput.LocalOut(skb, route, options, _ident, cpu.Mib);
        socket.SendBuffer.Charge(skb);
        cpu.Originate(skb);
        cpu.Cpu.Charge(Costs.CostOp.IpOutput);
        FinishOutput(cpu, skb, route);
        return Errno.None;
    }

    /// <summary>Fills in what a program left open in its header: length, checksum, and where they are zero source and identification.</summary>
    private void CompleteHeader(SkBuff skb, in Route route, MibSet mib)
    {
        skb.NetworkHeader = skb.DataOffset;
        (skb.Protocol, skb.IfIndex) = (EtherTypes.Ipv4, route.IfIndex);
        var header = skb.Data;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)skb.Length);
        if (!Ipv4Header.TryOverlay(header, out var ip)) return; // a header that is none leaves as it is
        if (ip.SourceAddress == 0) ip.SourceAddress = route.Source;
        if (ip.Id == 0) ip.Id = _ident.Select(ip.DontFragment, null, route.Source, route.Destination, ip.Protocol);
        ip.FillChecksum();
        skb.TransportHeader = skb.DataOffset + ip.HeaderLength;
        (skb.Cb.SourceAddress, skb.Cb.DestinationAddress) = (ip.SourceAddress, ip.DestinationAddress);
        (skb.Cb.IpProtocol, skb.Cb.Tos) = (ip.Protocol, ip.Tos);
        mib.Add(IpMib.OutRequests);
    }

    /// <summary>Sends a frame of a packet socket (kernel: <c>packet_snd</c>).</summary>
    public static Errno SendFrame(
        HostCpu cpu, PacketSocket socket, ReadOnlySpan<byte> frame, NetDevice device, bool isCooked, ushort etherType, MacAddress destination)
    {
        const int VlanTag = 4;
        var header = device.HasLinkHeader ? EthernetHeader.Size : 0;
        if (frame.Length > device.Mtu + (isCooked ? 0 : header + VlanTag)) return Errno.EMSGSIZE;
        if (!isCooked && frame.Length < header) return Errno.EINVAL; // dev_validate_header
        if (!socket.SendBuffer.HasRoom) return Errno.EAGAIN;
        var skb = Allocate(cpu, EthernetOutput.Headroom, frame.Length);
        if (skb is null) return Errno.ENOBUFS;
        frame.CopyTo(skb.Put(frame.Length));
        (skb.Id, skb.Arrival, skb.Priority, skb.Mark) = (cpu.NextPacketId(), cpu.Cpu.Now, socket.Options.Priority, socket.Options.Mark);
        (skb.Protocol, skb.IfIndex, skb.NetworkHeader) = (etherType, device.IfIndex, skb.DataOffset);
        socket.SendBuffer.Charge(skb);
        cpu.Originate(skb);
        if (isCooked || header == 0)
        {
            EthernetOutput.HardHeader(skb, destination, device.Address, etherType); // a device without one takes it off again
        }
        else
        {
            skb.MacHeader = skb.DataOffset;
            skb.NetworkHeader = skb.DataOffset + header;
        }

        Start(cpu, skb, device);
        return Errno.None;
    }
}
