using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Gso;
using NetActors.Headers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// The queueing disciplines of a tun device: packets wait in them as long as they say, and then go to the program, which always takes them
/// (kernel: <c>__dev_xmit_skb</c>, <c>__qdisc_run</c>, <c>qdisc_watchdog</c>). For one CPU.
/// </summary>
internal sealed class TunQdisc : IQdiscSink, ITimerTarget
{
    private readonly TunDevice _tun;
    private readonly TimerEntry _watchdog;
    private readonly DeviceQdiscs _qdiscs;
    private HostCpu? _cpu; // who is at it

    public TunQdisc(TunDevice tun, KernelRandom random)
    {
        (_tun, _watchdog) = (tun, new TimerEntry(this));
        _qdiscs = new DeviceQdiscs(tun.Name, [new QdiscContext(this, random, tun.Mtu)], "noqueue");
    }

    /// <summary>Packets that wait.</summary>
    public int Waiting => _qdiscs.Length;

    private QdiscBase Root => _qdiscs.Root;

    /// <summary>Does what a command of tc says. What is wrong; null when nothing is. From the device context.</summary>
    public string? Apply(string command, KernelTime now) => _qdiscs.Apply(command, now);

    /// <summary>A packet goes out.</summary>
    public void Xmit(HostCpu cpu, SkBuff skb)
    {
        if (Root.IsNoQueue)
        {
            _tun.Deliver(cpu, skb);
            return;
        }

        _cpu = cpu;
        skb.Cb.PacketLength = WireLength(skb);
        cpu.Release(skb);
        cpu.XmitResult = Root.Enqueue(skb, cpu.Cpu.Now) & NetXmitResults.Mask;
        Run(cpu);
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now) => Run((HostCpu)EmulatedCpu.Current!.Hooks!);

    /// <inheritdoc />
    public void Drop(SkBuff skb, SkbDropReason reason)
    {
        if (_cpu is null)
        {
            skb.Free(reason); // a queue that is replaced
            return;
        }

        _tun.Counters[_cpu.Cpu.LocalId].TxDropped++;
        _cpu.Drop(skb, reason);
    }

    /// <inheritdoc />
    public bool Redirect(SkBuff skb, string device, bool ingress) => false;

    /// <inheritdoc />
    public uint Hash(SkBuff skb) => skb.Hash;

    /// <inheritdoc />
    public SkBuff? Clone(SkBuff skb)
    {
        var clone = _cpu is null ? null : skb.Clone(_cpu.Pool);
        if (clone is null) return null;
        _cpu!.Originate(clone);
        _cpu.Release(clone);
        return clone;
    }

    /// <inheritdoc />
    public SkBuff? Segment(SkBuff skb) => Nic.GsoCutter.Cut(_cpu!, skb);

    /// <inheritdoc />
    public bool Unshare(ref SkBuff skb) => true; // the bytes were copied from the socket's for this packet alone

    /// <summary>Without the Ethernet headers that a tun device does not send (kernel: <c>qdisc_pkt_len_init</c>).</summary>
    private static int WireLength(SkBuff skb) =>
        GsoSegmenter.WireLength(skb) - (EthernetHeader.Size * (GsoSegmenter.CanSegment(skb) ? GsoSegmenter.Count(skb) : 1));

    private void Run(HostCpu cpu)
    {
        _cpu = cpu;
        var context = Root.Context;
        context.ClearWatchdog();
        while (Root.Length > 0 && Root.Dequeue(cpu.Cpu.Now) is { } skb)
        {
            cpu.Out = skb;
            _tun.Deliver(cpu, skb);
        }

        if (!context.Watchdog.IsNever) cpu.HrTimers.Arm(_watchdog, KernelTime.Max(context.Watchdog, cpu.Cpu.Now + new KernelTime(1)), cpu.Cpu.Now);
        _cpu = null;
    }
}
