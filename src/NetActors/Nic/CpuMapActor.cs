using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>Makes packets of the frames in a CPU map's queue and takes them up, for the entry's thread (kernel: <c>cpu_map_kthread_run</c>).</summary>
internal sealed class CpuMapActor(CpuMapThread thread, NetStack stack, HostSettingsView settings)
    : NapiPollActor(thread.Device, thread.Napi, stack, thread.Napi.Thread!.Cpu.Cpu, settings, KernelVersion.V6)
{
    public static Akka.Actor.Props Props(CpuMapThread thread, NetStack stack, HostSettingsView settings) =>
        Akka.Actor.Props.Create(() => new CpuMapActor(thread, stack, settings)).WithDispatcher("caller-cpu");

    protected override void PreStart()
    {
        thread.Napi.Poller = Self;
        base.PreStart();
    }

    protected override void PostStop()
    {
        base.PostStop();
        thread.Entry.Release(SkbDropReason.HOST_SHUTDOWN);
    }

    /// <inheritdoc />
    protected override bool TryPoll(KernelTime now, out SkBuff skb) => thread.Entry.TryConsume(now, out skb);

    /// <inheritdoc />
    protected override void Take(HostCpu cpu, SkBuff skb)
    {
        thread.Entry.Processed++;
        if (skb.Xdp == XdpMark.Frame)
        {
            cpu.Cpu.Charge(CostOp.CpuMapFrame);
            cpu.Cpu.Touch(ref skb.LastCpu, 1); // its header; the sk_buff is made here
            Forget(skb);
            if (!thread.Device.TypeTrans(cpu, skb))
            {
                thread.Entry.ThreadDrops++;
                return;
            }
        }
        else
        {
            cpu.Cpu.Touch(ref skb.LastCpu, CacheLines.SkBuff);
        }

        var isOn = (thread.Device.Receive.Features & NicFeatures.Gro) != 0;
        if (isOn) cpu.Cpu.Charge(CostOp.GroReceive);
        Show(cpu, skb);
        Merge(cpu, skb, isOn);
    }

    /// <inheritdoc />
    protected override void OnCompleted(HostCpu cpu, NapiCompletion completion, bool isSpent)
    {
        var next = thread.Entry.NextVisible;
        if (next.IsNever) return;
        if (next <= cpu.Cpu.Now) NapiScheduling.Claim(cpu, thread.Napi, KernelVersion.V6); // came in between
        else thread.Napi.Timer.Start(cpu, next - cpu.Cpu.Now); // from a CPU whose clock is ahead
    }

    /// <summary>What an <c>xdp_frame</c> does not carry: hash, checksum state, queue (kernel: <c>__xdp_build_skb_from_frame</c>).</summary>
    private static void Forget(SkBuff skb)
    {
        (skb.Hash, skb.L4Hash, skb.IpSummed, skb.QueueMapping) = (0, false, ChecksumState.None, 0);
        (skb.NapiId, skb.Xdp) = (0, XdpMark.None);
    }
}
