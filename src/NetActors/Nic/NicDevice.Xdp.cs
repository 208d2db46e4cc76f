using NetActors.Buffers;
using NetActors.Costs;
using NetActors.DataLink;
using NetActors.Hosts;
using NetActors.Links;
using NetActors.Xdp;

namespace NetActors.Nic;

/// <content>What programs do with frames in the driver and in the stack (kernel: <c>ixgbe_run_xdp</c>, <c>xdp_do_redirect</c>).</content>
internal sealed partial class NicDevice
{
    /// <summary>What runs on each frame in the driver; null for nothing (<c>ip link set DEVICE xdpdrv</c>). Changes at any time.</summary>
    public XdpProgram? Xdp { get; set; }

    /// <summary>What became of the frames that they saw, by receive queue.</summary>
    public XdpStats[] XdpStats { get; }

    /// <summary>What the driver's poll pays for a frame.</summary>
    public CostOp ReceiveCost => Xdp is null ? CostOp.RxDescriptor : CostOp.XdpReceive;

    /// <summary>
    /// A frame that the driver took from a ring: counted, shown to captures and to XDP, its link header read. False when it goes no further
    /// up here.
    /// </summary>
    /// <param name="cpu">Who polls.</param>
    /// <param name="skb">The frame.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="stack">The host's.</param>
    /// <param name="redirected">Where it goes instead, to be committed; without a packet when that is done, or when it is dropped.</param>
    public bool TakeIn(HostCpu cpu, SkBuff skb, int queue, NetStack stack, out Delivery redirected)
    {
        redirected = default;
        CountIn(cpu, skb);
        if (Xdp is { } program)
        {
            if (!Passes(cpu, program, skb, queue, stack, out redirected)) return false;
        }
        else if (Receive.Queue(queue).Umem is { } umem)
        {
            LeaveUmem(cpu, umem, umem.TakeFilled(), skb, XdpAction.Pass);
        }

        return TypeTrans(cpu, skb);
    }

    /// <summary>Reads the link header. False when the frame is dropped.</summary>
    public bool TypeTrans(HostCpu cpu, SkBuff skb)
    {
        var reason = EthernetInput.TypeTrans(skb, Address);
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            cpu.Drop(skb, reason);
            return false;
        }

        if (skb.PacketType is PacketType.Multicast) Counters[cpu.Cpu.LocalId].Multicast++;
        return true;
    }

    /// <summary>Puts a frame on a ring past all queues, as drivers do for XDP (kernel: <c>ndo_xdp_xmit</c>). False when there is no room.</summary>
    public bool TryXdpXmit(HostCpu cpu, SkBuff skb)
    {
        skb.QueueMapping = (ushort)(cpu.Cpu.LocalId % QueuesInUse);
        skb.Xdp = XdpMark.Frame;
        if (!TryPost(cpu, skb, CostOp.XdpTx, out var ring)) return false;
        if (ring) Ring(skb.QueueMapping);
        return true;
    }

    /// <summary>
    /// Runs a generic program on a packet whose data begins at its network header (kernel: <c>do_xdp_generic</c>). True when it goes on here.
    /// </summary>
    public bool PassesGeneric(HostCpu cpu, XdpProgram program, SkBuff skb, out Delivery redirected)
    {
        redirected = default;
        if (skb.Xdp == XdpMark.Redirected) return true;
        cpu.Cpu.Charge(CostOp.XdpReceive);
        skb.Push(skb.DataOffset - skb.MacHeader);
        var queue = Math.Max(0, skb.QueueMapping - 1);
        var stats = XdpStats[queue];
        var action = XdpRunner.Run(program, skb, queue, stats, out var target);
        if (action == XdpAction.Pass && EthernetInput.TypeTrans(skb, Address) == SkbDropReason.NOT_DROPPED_YET) return true;
        switch (action)
        {
            case XdpAction.Tx when TryXdpXmit(cpu, skb):
            case XdpAction.Redirect when DeviceOf(_stack, target) is { } device && device.TryXdpXmit(cpu, skb):
                return false;
            case XdpAction.Redirect when target.Cpu is { } entry && EthernetInput.TypeTrans(skb, Address) == SkbDropReason.NOT_DROPPED_YET:
                skb.Xdp = XdpMark.Redirected;
                cpu.Cpu.Charge(CostOp.XdpRedirect);
                redirected = new Delivery(skb, (IDeliveryTarget)entry.Thread!);
                return false;
            case XdpAction.Redirect when IsOfQueue(target.Socket, queue):
                if (!CopyTo(target.Socket!, cpu, skb)) break;
                target.Socket!.Flush(cpu.Cpu.Now);
                cpu.Consume(skb);
                return false;
            case XdpAction.Tx or XdpAction.Redirect:
                stats.Errors++;
                break;
        }

        cpu.Drop(skb, SkbDropReason.XDP);
        return false;
    }

    /// <summary>Counts a frame and shows it to captures.</summary>
    private void CountIn(HostCpu cpu, SkBuff skb)
    {
        var counters = Counters[cpu.Cpu.LocalId];
        counters.RxPackets++;
        counters.RxBytes += skb.HeadLength;
        skb.IfIndex = IfIndex;
        Capture?.Write(
            CaptureId, skb.Arrival, skb.Data, skb.HeadLength, CaptureDirection.Inbound, cpu.Cpu.LocalId, SkbDropReason.NOT_DROPPED_YET, skb.Id);
    }

    /// <summary>Runs the program (kernel: <c>ixgbe_run_xdp</c>). True when the frame goes on into the stack.</summary>
    private bool Passes(HostCpu cpu, XdpProgram program, SkBuff skb, int queue, NetStack stack, out Delivery redirected)
    {
        redirected = default;
        var umem = Receive.Queue(queue).Umem;
        var address = umem?.TakeFilled() ?? -1;
        var stats = XdpStats[queue];
        var action = XdpRunner.Run(program, skb, queue, stats, out var target);
        if (action == XdpAction.Redirect && IsOfQueue(target.Socket, queue))
        {
            cpu.Cpu.Charge(CostOp.XdpRedirect);
            if (address >= 0) Take(target.Socket!, cpu, skb, address);
            else if (CopyTo(target.Socket!, cpu, skb)) GiveTo(target.Socket!, cpu, skb);
            else cpu.DropInDriver(skb, SkbDropReason.XDP);
            return false;
        }

        if (umem is not null) LeaveUmem(cpu, umem, address, skb, action);
        if (action == XdpAction.Pass)
        {
            cpu.Cpu.Charge(CostOp.RxDescriptor);
            return true;
        }

        if (action == XdpAction.Redirect && target.Cpu is { } entry)
        {
            cpu.Cpu.Charge(CostOp.XdpRedirect);
            skb.Xdp = XdpMark.Frame;
            redirected = new Delivery(skb, (IDeliveryTarget)entry.Thread!);
            return false;
        }

        var device = action == XdpAction.Tx ? this : action == XdpAction.Redirect ? DeviceOf(stack, target) : null;
        if (action == XdpAction.Redirect) cpu.Cpu.Charge(CostOp.XdpRedirect);
        if (device?.TryXdpXmit(cpu, skb) == true) return false;
        if (action is XdpAction.Tx or XdpAction.Redirect) stats.Errors++;
        cpu.DropInDriver(skb, SkbDropReason.XDP);
        return false;
    }

    private static NicDevice? DeviceOf(NetStack stack, in XdpTarget target) =>
        target.IfIndex > 0 && target.IfIndex <= stack.Devices.Length ? stack.Devices[target.IfIndex - 1] as NicDevice : null;
}
