using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Gro;
using NetActors.Hosts;
using NetActors.Softirq;
using NetActors.Steering;
using NetActors.Xdp;

namespace NetActors.Nic;

/// <summary>
/// The kernel thread of an entry of a CPU map (kernel: <c>cpu_map_kthread_run</c>). It takes eight frames at a time with bottom halves off
/// and looks for other tasks in between, which is what the thread of a NAPI of weight 8 does.
/// </summary>
internal sealed class CpuMapThread : IXdpConsumer, IDeliveryTarget
{
    /// <param name="entry">The entry.</param>
    /// <param name="device">The device whose frames it gets.</param>
    /// <param name="cpu">Where the thread runs.</param>
    /// <param name="napiId">A number of its own.</param>
    /// <param name="map">Number of the map.</param>
    /// <param name="kernel">Whose receive offload.</param>
    public CpuMapThread(CpuMapEntry entry, NicDevice device, HostCpu cpu, int napiId, int map, KernelVersion kernel)
    {
        (Entry, Device) = (entry, device);
        Napi = new NapiInstance(napiId, $"cpumap/{entry.Cpu}", CpuMapEntry.Batch) { Gro = new GroEngine(kernel, cpu.Cpu.Layer.Settings.Jiffies) };
        (Napi.Thread, Napi.IsThreaded) = (new NapiThread(Napi, cpu, $"cpumap/{entry.Cpu}/map:{map}"), true);
        entry.Thread = this;
    }

    public CpuMapEntry Entry { get; }

    public NicDevice Device { get; }

    public NapiInstance Napi { get; }

    /// <inheritdoc />
    public void OnFlushed() => NapiScheduling.Claim((HostCpu)EmulatedCpu.Current!.Hooks!, Napi, KernelVersion.V6);

    /// <summary>A frame for this CPU (kernel: <c>bq_enqueue</c>); one that was an sk_buff already waits for no others (<c>cpu_map_generic_redirect</c>).</summary>
    public void Deliver(NetStack stack, HostCpu cpu, SkBuff skb, in RpsFlowRef flow)
    {
        var bulk = Entry.BulkOf(cpu.Cpu.LocalId);
        if (bulk.IsFull) Flush(cpu, bulk);
        bulk.Add(skb);
        cpu.Release(skb);
        if (skb.Xdp == XdpMark.Frame)
        {
            if (bulk.Count == 1) cpu.XdpFlush.Add(bulk);
            return;
        }

        Flush(cpu, bulk);
        OnFlushed();
    }

    /// <summary>Puts what a CPU has collected on the queue (kernel: <c>bq_flush_to_queue</c>).</summary>
    public static void Flush(HostCpu cpu, XdpBulkQueue bulk)
    {
        foreach (var skb in bulk.TakeAll())
        {
            skb!.VisibleFrom = cpu.Cpu.Now;
            if (bulk.Entry.TryProduce(skb))
            {
                bulk.Enqueued++;
                continue;
            }

            bulk.Drops++;
            cpu.DropInDriver(skb, SkbDropReason.XDP);
        }

        bulk.Flushes++;
    }
}
