using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Nic;
using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>Polls the ring of a veth end on whichever CPU has sent to it (kernel: <c>veth_poll</c>, <c>veth_xdp_rcv</c>).</summary>
internal sealed class VethQueueActor(VethDevice device, VethQueue queue, EmulatedCpu home, HostSettingsView settings)
    : NapiPollActor(device, queue.Napi, device.Stack, home, settings, KernelVersion.V6)
{
    /// <summary>Runs on whichever CPU polls the ring.</summary>
    public static Props Props(VethDevice device, VethQueue queue, EmulatedCpu home, HostSettingsView settings) =>
        Akka.Actor.Props.Create(() => new VethQueueActor(device, queue, home, settings)).WithDispatcher("caller-cpu");

    protected override void PreStart()
    {
        queue.Napi.Poller = Self;
        base.PreStart();
    }

    protected override void PostStop()
    {
        base.PostStop();
        queue.Release(SkbDropReason.HOST_SHUTDOWN);
    }

    /// <inheritdoc />
    protected override bool TryPoll(KernelTime now, out SkBuff skb) => queue.TryConsume(now, out skb);

    /// <inheritdoc />
    protected override void Take(HostCpu cpu, SkBuff skb)
    {
        cpu.Cpu.Charge(CostOp.BacklogDequeue);
        cpu.Cpu.Charge(CostOp.GroReceive);
        skb.NapiId = queue.Napi.Id;
        Show(cpu, skb);
        var isOn = (device.Features & NicFeatures.Gro) != 0 && !skb.IsCloned; // veth_poll gives what others see to netif_receive_skb
        if (isOn) skb.Orphan(); // gro_list: its sender is not charged for what is part of another
        Merge(cpu, skb, isOn);
    }

    /// <inheritdoc />
    protected override void OnUp(SkBuff skb)
    {
        skb.Orphan(); // ip_rcv
        skb.Socket = null;
    }

    /// <inheritdoc />
    protected override void OnCompleted(HostCpu cpu, NapiCompletion completion, bool isSpent)
    {
        queue.Unmask();
        var next = queue.NextVisible;
        if (next.IsNever || !queue.TryNotify()) return;
        if (next <= cpu.Cpu.Now) NapiScheduling.Schedule(cpu, queue.Napi, KernelVersion.V6); // came in between
        else queue.Napi.Timer.Start(cpu, next - cpu.Cpu.Now); // from a CPU whose clock is ahead
    }
}
