using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Xdp;

namespace NetActors.Nic;

/// <content>AF_XDP sockets bound to the card's queues (kernel: net/xdp/xsk.c and a driver's half, <c>ixgbe_xsk.c</c>).</content>
internal sealed partial class NicDevice
{
    private const int TxWorkLimit = 256; // frames that one poll sends from a socket's memory (IXGBE_DEFAULT_TX_WORK)

    private readonly NicProtocol.SoftwareInterrupt?[] _wakeups;

    /// <summary>The socket bound to each queue; null for none.</summary>
    public XskSocket?[] Xsks { get; }

    /// <summary>The same for programs.</summary>
    public XskMap XskMap { get; }

    /// <summary>The CPUs to which its program redirects.</summary>
    public List<CpuMapThread> CpuMap { get; } = [];

    /// <summary>Binds a socket to its queue before the host runs (kernel: <c>xsk_bind</c>, <c>xp_assign_dev</c>).</summary>
    public void Bind(XskSocket socket)
    {
        Xsks[socket.Queue] = XskMap[socket.Queue] = socket;
        socket.TxOwner = new XskTxOwner(socket);
        if (socket.Settings.ZeroCopy) Receive.Queue(socket.Queue).Attach(socket.Umem, Time.KernelTime.Zero);
    }

    /// <summary>
    /// A program's <c>sendto</c>, <c>recvfrom</c> or <c>poll</c> on a socket, inside of the call: sends what may be sent, or wakes the driver
    /// (kernel: <c>xsk_xmit</c>, <c>ndo_xsk_wakeup</c>).
    /// </summary>
    /// <returns>False when more waits than could be sent (EAGAIN).</returns>
    public bool KickXsk(HostCpu cpu, XskSocket socket)
    {
        if (!socket.Settings.ZeroCopy) return XmitCopies(cpu, socket);
        cpu.Cpu.Charge(CostOp.XskWakeup);
        var napi = Napis[socket.Queue];
        if (napi.Scheduled) napi.Missed = true; // napi_if_scheduled_mark_missed
        else Nic.Tell(_wakeups[socket.Queue] ??= new NicProtocol.SoftwareInterrupt(socket.Queue), ActorRefs.NoSender);
        return true;
    }

    /// <summary>Sends from the memory of the queue's socket, in the driver's poll (kernel: <c>ixgbe_xmit_zc</c>).</summary>
    public void XmitXsk(HostCpu cpu, int queue)
    {
        if (Xsks[queue] is not { Settings.ZeroCopy: true } socket) return;
        var (tx, rings) = (TxQueues[queue], false);
        for (var sent = 0; !tx.IsStopped && tx.HasRoom(1) && socket.TryTakeTx(cpu.Cpu.Now, out var descriptor); sent++)
        {
            if (Carry(cpu, socket, descriptor) is not { } skb) return;
            skb.Xdp = XdpMark.Frame;
            TryPost(cpu, skb, CostOp.XdpTx, out var ring);
            rings |= ring;
            if (sent + 1 < TxWorkLimit) continue;
            Napis[queue].Missed = true; // polls again
            break;
        }

        if (rings) Ring(queue);
    }

    /// <summary>The driver's poll of a queue ends: says whether the program has to wake it when it gives frames to receive into.</summary>
    public void EndXskPoll(int queue)
    {
        if (Receive.Queue(queue) is not { Umem: { } umem } rx || Xsks[queue] is not { Settings.NeedWakeup: true }) return;
        umem.Fill.NeedWakeup = rx.Ring.Unused > 0 && umem.Fill.Count == 0;
    }

    private bool IsOfQueue(XskSocket? socket, int queue) => socket is not null && socket.IfIndex == IfIndex && socket.Queue == queue;

    /// <summary>Copies a frame to a socket's memory (kernel: <c>__xsk_rcv</c>). False when it is dropped.</summary>
    private static bool CopyTo(XskSocket socket, HostCpu cpu, SkBuff skb)
    {
        cpu.Cpu.Charge(CostOp.XskReceive);
        if (!socket.ReceiveCopy(skb.Data, skb.Arrival, cpu.Cpu.Now, out var address)) return false;
        cpu.Cpu.Own(ref socket.Umem.LastCpu(address));
        cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, skb.HeadLength);
        return true;
    }

    /// <summary>The frame lies in the socket's memory already, where the hardware wrote it.</summary>
    private static void Take(XskSocket socket, HostCpu cpu, SkBuff skb, int address)
    {
        cpu.Cpu.Charge(CostOp.XskReceive);
        cpu.Cpu.Own(ref socket.Umem.LastCpu(address));
        if (socket.ReceiveInto(address, skb.Data, skb.Arrival)) GiveTo(socket, cpu, skb);
        else cpu.DropInDriver(skb, SkbDropReason.XDP);
    }

    private static void GiveTo(XskSocket socket, HostCpu cpu, SkBuff skb)
    {
        cpu.Cpu.Own(ref socket.RxLastCpu);
        cpu.XdpFlush.Add(socket);
        cpu.ConsumeInDriver(skb);
    }

    /// <summary>A frame in the socket's memory is not for the socket: what the stack or another device is to have is copied out of it.</summary>
    private static void LeaveUmem(HostCpu cpu, XskUmem umem, int address, SkBuff skb, XdpAction action)
    {
        umem.Release(address);
        if (action is not (XdpAction.Pass or XdpAction.Tx or XdpAction.Redirect)) return;
        cpu.Cpu.Charge(CostOp.SkbAlloc);
        cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, skb.HeadLength);
    }

    /// <summary>Sends copies (kernel: <c>xsk_generic_xmit</c>, <c>__dev_direct_xmit</c>).</summary>
    private bool XmitCopies(HostCpu cpu, XskSocket socket)
    {
        var tx = TxQueues[socket.Queue];
        for (var sent = 0; ; sent++)
        {
            if (sent == XskSocket.TxBatch) return socket.Tx.Count == 0;
            if (tx.IsStopped || !tx.HasRoom(1)) return socket.Tx.Count == 0;
            if (!socket.TryTakeTx(cpu.Cpu.Now, out var descriptor)) return true;
            cpu.Cpu.Charge(CostOp.SkbAlloc);
            cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, descriptor.Length);
            if (Carry(cpu, socket, descriptor) is not { } skb) return false;
            TryStartXmit(cpu, skb);
        }
    }

    /// <summary>A packet with the bytes of a descriptor; null when there is no memory, and the frame is the program's again.</summary>
    private SkBuff? Carry(HostCpu cpu, XskSocket socket, in XdpDescriptor descriptor)
    {
        var skb = cpu.PoolFor(descriptor.Length + NicReceive.HeadroomBytes).Rent();
        if (skb is null)
        {
            socket.Complete(descriptor.Address, cpu.Cpu.Now);
            return null;
        }

        cpu.Originate(skb);
        skb.Reserve(NicReceive.HeadroomBytes);
        socket.Umem.Bytes(descriptor).CopyTo(skb.Put(descriptor.Length));
        skb.MacHeader = skb.DataOffset;
        (skb.IfIndex, skb.QueueMapping, skb.Id, skb.Arrival) = (IfIndex, (ushort)socket.Queue, cpu.NextPacketId(), cpu.Cpu.Now);
        skb.SetOwner(socket.TxOwner!, descriptor.Address); // destructor_arg
        return skb;
    }

    /// <summary>Gives the program its frame again once the packet has left (kernel: <c>xsk_destruct_skb</c>).</summary>
    private sealed class XskTxOwner(XskSocket socket) : ISkbOwner
    {
        public void OnFreed(int bytes) => socket.Complete(bytes, EmulatedCpu.Current?.Now ?? Time.KernelTime.Zero);

        public void OnPacedBelow()
        {
        }
    }
}
