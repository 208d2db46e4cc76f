using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Softirq;

namespace NetActors.Hosts;

/// <content>A CPU goes offline (kernel: <c>dev_cpu_dead</c>; specification section 5.8).</content>
internal sealed partial class NetStack
{
    /// <summary>
    /// Takes over what a CPU that went offline leaves: qdiscs to run, NAPIs to poll, interrupts to send, and the packets of its backlog, which
    /// come in once more and may be dropped here. While that CPU still runs a softirq there is nothing to take yet: it tells at the end.
    /// </summary>
    public void TakeOver(HostCpu cpu, HostCpu dead)
    {
        if (dead.IsOnline || dead.InSoftirq) return;
        var softnet = dead.Softnet;
        while (softnet.OutputQueue.TakeFirst() is { } runner)
        {
            cpu.Softnet.OutputQueue.Enqueue(runner);
            cpu.Raise(SoftirqVector.NetTx);
        }

        while (!softnet.PollList.IsEmpty)
        {
            var napi = softnet.PollList.TakeFirst();
            if (!ReferenceEquals(napi, softnet.Backlog)) NapiScheduling.Enlist(cpu, napi, _settings.Kernel);
        }

        (softnet.Backlog.Scheduled, softnet.InNetRxAction) = (false, false);
        foreach (var target in softnet.RpsIpiList) target.SendRpsIpi();
        softnet.RpsIpiList.Clear();
        while (softnet.TryDequeue(out var skb) || (softnet.Splice() && softnet.TryDequeue(out skb)))
        {
            softnet.InputQueueHead++;
            (cpu.Namespaces is { } spaces ? spaces[skb!.Netns] : this).NetifRx(cpu, skb!);
        }
    }

    /// <summary>A packet without a NAPI of its own comes in (kernel: <c>netif_rx_internal</c>).</summary>
    private void NetifRx(HostCpu cpu, SkBuff skb)
    {
        cpu.Hand = skb;
        cpu.Cpu.Charge(CostOp.BacklogEnqueue);
        var target = Steer(cpu, DeviceOf(skb), skb, out var flow) ?? cpu;
        EnqueueToBacklog(cpu, target, skb, flow);
    }
}
