using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// A socket that sees the packets of devices, both ways (kernel: <c>struct packet_sock</c>, net/packet/af_packet.c): whole frames, or with
/// SOCK_DGRAM from the network header on.
/// </summary>
/// <param name="id">Number on the host.</param>
/// <param name="buffer">Its receive buffer; packet sockets share no memory limit.</param>
/// <param name="sndBuf">Limit of its packets under way in bytes.</param>
/// <param name="isCooked">SOCK_DGRAM: without link header.</param>
/// <param name="protocol">EtherType; 3 for all, 0 for none yet.</param>
internal sealed class PacketSocket(int id, UdpReceiveBuffer buffer, int sndBuf, bool isCooked, ushort protocol) : DatagramSocket(id, buffer, sndBuf)
{
    private const ushort All = 3; // ETH_P_ALL
    private const int AllowedFlags = MessageFlags.Peek | MessageFlags.DontWait | MessageFlags.Trunc | MessageFlags.ErrQueue;
    private const int MembershipSize = 16;
    private bool _auxData;
    private bool _origDev;
    private uint _packets;
    private uint _drops;

    /// <summary>Which packets it sees: an EtherType, 3 for all.</summary>
    public ushort EtherType { get; private set; } = protocol;

    /// <summary>It does not see what leaves.</summary>
    public bool IgnoresOutgoing { get; private set; }

    /// <inheritdoc />
    public override bool HasShutdown => false;

    protected override int SocketType => isCooked ? 2 : 3;

    protected override int Protocol => BinaryPrimitives.ReverseEndianness(EtherType);

    protected override int Domain => LinkLayerAddress.AfPacket;

    /// <inheritdoc />
    public override int NextLength => TryPeek(Time.KernelTime.Never, out var skb) ? skb.Length : 0;

    /// <summary>Whether it is to see a packet of a device (kernel: <c>ptype_all</c>, <c>ptype_base</c>; what leaves goes to the former only).</summary>
    public bool Wants(int ifIndex, ushort etherType, bool isOutgoing) =>
        (EtherType == All || (EtherType == etherType && EtherType != 0 && !isOutgoing)) && (BoundDevice == 0 || BoundDevice == ifIndex) && !(isOutgoing && IgnoresOutgoing);

    /// <summary>Moves a packet's begin to where this socket sees it (kernel: <c>packet_rcv</c>).</summary>
    public void Arrange(SkBuff skb, NetDevice device)
    {
        var begin = isCooked || !device.HasLinkHeader ? skb.NetworkHeader : skb.MacHeader;
        if (begin < skb.DataOffset) skb.Push(skb.DataOffset - begin);
        else skb.Pull(begin - skb.DataOffset);
        skb.Cb.PayloadLength = skb.Length;
    }

    /// <inheritdoc />
    public override Errno CheckReceive(int flags) => (flags & ~AllowedFlags) != 0 ? Errno.EINVAL : Errno.None;

    /// <summary>Kernel: <c>packet_bind</c>.</summary>
    public override Errno Bind(NetStack stack, SystemCall call)
    {
        if (call.Link is not { } link || call.IsAddressShort || call.Family != LinkLayerAddress.AfPacket) return Errno.EINVAL;
        if (link.IfIndex < 0 || link.IfIndex > stack.Devices.Length) return Errno.ENODEV;
        BoundDevice = link.IfIndex;
        if (link.Protocol != 0) EtherType = link.Protocol;
        return Errno.None;
    }

    public override Errno Connect(NetStack stack, HostCpu cpu, SystemCall call) => Errno.EOPNOTSUPP;

    /// <summary>Kernel: <c>packet_snd</c>.</summary>
    public override Errno Send(NetStack stack, HostCpu cpu, SystemCall call)
    {
        var (ifIndex, protocol, destination) = (BoundDevice, EtherType, 0UL);
        if (call.IsAddressGiven)
        {
            if (call.Link is not { } link || call.IsAddressShort) return Errno.EINVAL;
            (ifIndex, protocol, destination) = (link.IfIndex, link.Protocol, link.Address);
        }

        if (ifIndex <= 0 || ifIndex > stack.Devices.Length) return Errno.ENXIO;
        return NetStack.SendFrame(cpu, this, call.Data.Span, stack.Devices[ifIndex - 1], isCooked, protocol, new MacAddress(destination >> 16));
    }

    public override Errno Send(NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, uint address, ushort port) => Errno.EOPNOTSUPP;

    /// <inheritdoc />
    public override Errno SockName(NetStack stack, SystemCall call)
    {
        var device = BoundDevice > 0 ? stack.Devices[BoundDevice - 1] : null;
        var length = device is { HasLinkHeader: true } ? (byte)6 : (byte)0;
        call.Link = new LinkLayerAddress(EtherType, BoundDevice, device?.HardwareType ?? 0, 0, device is null ? 0 : device.Address.Value << 16, length);
        call.HasAddress = true;
        return Errno.None;
    }

    public override Errno PeerName(SystemCall call) => Errno.EOPNOTSUPP;

    /// <inheritdoc />
    public override void Describe(NetStack stack, SkBuff skb, SystemCall call)
    {
        var device = stack.Devices[skb.IfIndex - 1];
        var address = 0UL;
        if (device.HasLinkHeader && EthernetHeader.TryParse(skb.From(skb.MacHeader), out var ethernet)) address = ethernet.Source.Value << 16;
        call.Link = new LinkLayerAddress(skb.Protocol, skb.IfIndex, device.HardwareType, (byte)skb.PacketType, address, device.HasLinkHeader ? (byte)6 : (byte)0);
        call.HasAddress = true;
        if (call.Received is not { } writer) return;
        SocketControl.Receive(writer, skb, Options);
        if (_auxData) AuxData(writer, skb);
    }

    public override void DescribeError(QueuedError error, SystemCall call) => call.HasAddress = false;

    public override void Unbind(NetStack stack) => stack.RemoveTap(this);

    protected override SkbDropReason Charge(SkBuff skb, MibSet mib)
    {
        Interlocked.Increment(ref _packets);
        if (Buffer.TryCharge(skb.TrueSize) == Errno.None)
        {
            skb.Cb.ChargedBytes = skb.TrueSize;
            return SkbDropReason.NOT_DROPPED_YET;
        }

        Interlocked.Increment(ref _drops);
        return SkbDropReason.SOCKET_RCVBUFF;
    }

    /// <summary>A packet that its filter does not want is no loss (kernel: <c>packet_rcv</c>).</summary>
    protected override void OnFiltered(MibSet mib)
    {
    }

    protected override Errno SetLevel(NetStack stack, HostCpu cpu, SystemCall call)
    {
        if (call.Level != SocketOptions.SolPacket) return Errno.ENOPROTOOPT;
        if (call.Option is SocketOptions.PacketAddMembership or SocketOptions.PacketDropMembership)
            return call.Value.Length < MembershipSize ? Errno.EINVAL : IndexOf(call.Value) > stack.Devices.Length ? Errno.ENODEV : Errno.None; // every device here sees all already
        if (!SocketOptions.TryReadInt(call.Value, out var number)) return Errno.EINVAL;
        switch (call.Option)
        {
            case SocketOptions.PacketAuxData: _auxData = number != 0; break;
            case SocketOptions.PacketOrigDev: _origDev = number != 0; break;
            case SocketOptions.PacketIgnoreOutgoing when number is < 0 or > 1: return Errno.EINVAL;
            case SocketOptions.PacketIgnoreOutgoing: IgnoresOutgoing = number != 0; break;
            default: return Errno.ENOPROTOOPT;
        }

        return Errno.None;
    }

    protected override Errno GetLevel(NetStack stack, SystemCall call)
    {
        if (call.Level != SocketOptions.SolPacket) return Errno.ENOPROTOOPT;
        switch (call.Option)
        {
            case SocketOptions.PacketStatistics:
                var drops = Interlocked.Exchange(ref _drops, 0);
                var packets = Interlocked.Exchange(ref _packets, 0);
                call.Value = [.. SocketOptions.Int((int)packets), .. SocketOptions.Int((int)drops)];
                return Errno.None;
            case SocketOptions.PacketAuxData: call.Value = SocketOptions.Int(_auxData ? 1 : 0); return Errno.None;
            case SocketOptions.PacketOrigDev: call.Value = SocketOptions.Int(_origDev ? 1 : 0); return Errno.None;
            case SocketOptions.PacketIgnoreOutgoing: call.Value = SocketOptions.Int(IgnoresOutgoing ? 1 : 0); return Errno.None;
            case SocketOptions.PacketVersion: call.Value = SocketOptions.Int(0); return Errno.None; // TPACKET_V1
            default: return Errno.ENOPROTOOPT;
        }
    }

    private static int IndexOf(ReadOnlySpan<byte> membership) => BinaryPrimitives.ReadInt32LittleEndian(membership);

    /// <summary>PACKET_AUXDATA (kernel: <c>struct tpacket_auxdata</c>).</summary>
    private static void AuxData(ControlWriter writer, SkBuff skb)
    {
        const uint User = 1, VlanValid = 0x10, TpidValid = 0x40;
        Span<byte> data = stackalloc byte[20];
        data.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data, User | (skb.VlanTci is null ? 0 : VlanValid | TpidValid));
        BinaryPrimitives.WriteInt32LittleEndian(data[4..], skb.Cb.PayloadLength);
        BinaryPrimitives.WriteInt32LittleEndian(data[8..], skb.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(data[14..], (ushort)Math.Max(skb.NetworkHeader - skb.DataOffset, 0));
        BinaryPrimitives.WriteUInt16LittleEndian(data[16..], skb.VlanTci ?? 0);
        if (skb.VlanTci is not null) BinaryPrimitives.WriteUInt16LittleEndian(data[18..], 0x8100);
        writer.Put(SocketOptions.SolPacket, SocketOptions.PacketAuxData, data);
    }
}
