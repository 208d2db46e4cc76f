using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Gro;
using NetActors.Hosts;
using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// Polls one queue of a NIC: cleans the transmit ring, takes packets off the receive ring, and lets interrupts through again when there are
/// no more (kernel: a driver's <c>ixgbe_poll</c>).
/// </summary>
internal sealed class RxQueueActor : NapiPollActor
{
    private readonly NicDevice _device;
    private readonly NapiInstance _napi;
    private readonly NetStack _stack;
    private readonly int _queue;
    private readonly KernelVersion _kernel;
    private readonly bool _lazy; // virtual time: the hardware is advanced by whoever looks at it

    public RxQueueActor(NicDevice device, int queue, NetStack stack, EmulatedCpu home, HostSettingsView settings)
        : base(device, WithOffload(device, queue, stack, home, settings), stack, home, settings, settings.Kernel)
    {
        (_device, _queue, _stack, _kernel, _lazy) = (device, queue, stack, settings.Kernel, home.Layer.IsVirtual);
        _napi = device.Napis[queue];
    }

    public static Props Props(NicDevice device, int queue, NetStack stack, EmulatedCpu home, HostSettingsView settings) =>
        Akka.Actor.Props.Create(() => new RxQueueActor(device, queue, stack, home, settings)).WithDispatcher("caller-cpu");

    /// <inheritdoc />
    protected override void Begin(HostCpu cpu) => _device.CleanTx(cpu, _queue);

    /// <inheritdoc />
    protected override bool TryPoll(KernelTime now, out SkBuff skb) =>
        _lazy ? _device.Receive.TryPoll(_queue, now, out skb) : _device.Receive.TryPollRing(_queue, now, out skb);

    /// <inheritdoc />
    protected override void Take(HostCpu cpu, SkBuff skb)
    {
        cpu.Cpu.Charge(CostOp.RxDescriptor);
        cpu.Cpu.Charge(CostOp.FirstTouch);
        cpu.Cpu.Own(ref skb.LastCpu);
        skb.NapiId = _napi.Id;
        if (!_device.TakeIn(cpu, skb, _queue, _stack)) return;
        var isOn = (_device.Receive.Features & NicFeatures.Gro) != 0 && _device.XdpGeneric is null; // netif_elide_gro
        var isLossy = (_device.Receive.Features & NicFeatures.Lro) != 0 && _device.XdpGeneric is null;
        if (isOn || isLossy) cpu.Cpu.Charge(CostOp.GroReceive);
        Show(cpu, skb);
        Merge(cpu, skb, isOn, isLossy);
    }

    /// <inheritdoc />
    protected override void OnCompleted(HostCpu cpu, NapiCompletion completion, bool isSpent)
    {
        if (completion != NapiCompletion.Unmask) return;
        if (isSpent) NapiScheduling.Schedule(cpu, _napi, _kernel); // nobody defers: packets are left, and no interrupt would tell of them
        else _device.Unmask(_queue);
    }

    private static NapiInstance WithOffload(NicDevice device, int queue, NetStack stack, EmulatedCpu home, HostSettingsView settings)
    {
        var napi = device.Napis[queue];
        napi.Gro ??= new GroEngine(settings.Kernel, home.Layer.Settings.Jiffies)
        {
            Sockets = stack.GroSockets(() => (device.Receive.Features & NicFeatures.UdpGroForwarding) != 0),
        };
        return napi;
    }
}
