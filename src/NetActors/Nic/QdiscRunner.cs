using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Qdisc;
using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>A packet for a qdisc, or without one the wish to have it run.</summary>
internal readonly record struct QdiscWork(SkBuff? Skb);

/// <summary>
/// Runs the qdisc of one transmit queue, or the root that all share: takes packets in, gives them to the driver while the queue is not
/// stopped, leaves what is over to NET_TX and waits for the times that the qdisc names (kernel: <c>__dev_xmit_skb</c>, <c>__qdisc_run</c>,
/// <c>sch_direct_xmit</c>, <c>__netif_schedule</c>, <c>qdisc_watchdog</c>). In real time one CPU at a time is at it; what others bring
/// meanwhile it takes over, as the owner of a running qdisc does.
/// </summary>
internal sealed class QdiscRunner : IQdiscSink, ITimerTarget
{
    private readonly NicDevice _device;
    private readonly NetStack _stack;
    private readonly int _index;
    private readonly OwnedBacklog<QdiscWork>? _shared; // null in virtual time
    private readonly TimerEntry[] _watchdogs; // in real time one for each CPU, whose wheels only they may touch
    private HostCpu? _cpu; // who is at it
    private HostCpu? _holder; // who was last
    private KernelTime _free; // until when
    private int _scheduled;

    /// <param name="device">The card.</param>
    /// <param name="stack">Where redirected packets go.</param>
    /// <param name="index">The transmit queue.</param>
    /// <param name="quota">Packets of a run: <c>net.core.dev_weight</c> times <c>dev_weight_tx_bias</c>.</param>
    /// <param name="cpus">CPUs that may be at it at once: 1 in virtual time.</param>
    public QdiscRunner(NicDevice device, NetStack stack, int index, int quota, int cpus)
    {
        (_device, _stack, _index, Quota) = (device, stack, index, quota);
        _shared = cpus > 1 ? new OwnedBacklog<QdiscWork>() : null;
        _watchdogs = [.. Enumerable.Range(0, cpus).Select(_ => new TimerEntry(this))];
    }

    /// <summary>The next on a CPU's list of those that NET_TX has to run (kernel: <c>next_sched</c>).</summary>
    public QdiscRunner? Next { get; set; }

    /// <summary>Packets of a run; changes at any time.</summary>
    public int Quota { get; set; }

    /// <summary>Packets that wait for whoever is at it.</summary>
    public int Waiting => _shared?.Waiting ?? 0;

    private QdiscBase Qdisc => _device.Qdiscs.Root is Mq ? _device.Qdiscs.Active[_index] : _device.Qdiscs.Root;

    private QdiscContext Context => Qdisc.Context;

    /// <summary>A packet whose queue is chosen.</summary>
    public void Xmit(HostCpu cpu, SkBuff skb) => Do(cpu, new QdiscWork(skb));

    /// <summary>NET_TX runs it (kernel: <c>net_tx_action</c>).</summary>
    public void RunScheduled(HostCpu cpu)
    {
        Volatile.Write(ref _scheduled, 0);
        Do(cpu, default);
    }

    /// <summary>NET_TX of this CPU has to run it (kernel: <c>__netif_schedule</c>).</summary>
    public void Schedule(HostCpu cpu)
    {
        if (Interlocked.Exchange(ref _scheduled, 1) != 0) return;
        cpu.Softnet.OutputQueue.Enqueue(this);
        cpu.Raise(SoftirqVector.NetTx);
    }

    /// <summary>Asks the filters of a hook before the queue.</summary>
    public TcVerdict Classify(HostCpu cpu, SkBuff skb, TcFilters filters)
    {
        var before = _cpu;
        _cpu = cpu;
        var verdict = filters.Classify(skb, Context, out _);
        _cpu = before;
        return verdict;
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now) => Schedule((HostCpu)EmulatedCpu.Current!.Hooks!);

    /// <inheritdoc />
    public void Drop(SkBuff skb, SkbDropReason reason)
    {
        if (_cpu is null)
        {
            skb.Free(reason); // the host is going down
            return;
        }

        _device.Counters[_cpu.Cpu.LocalId].TxDropped++;
        _cpu.Drop(skb, reason);
    }

    /// <inheritdoc />
    public bool Redirect(SkBuff skb, string device, bool ingress) => _cpu is not null && _stack.Redirect(_cpu, skb, device, ingress);

    /// <inheritdoc />
    public uint Hash(SkBuff skb) => _stack.HashOf(skb);

    /// <inheritdoc />
    public SkBuff? Clone(SkBuff skb)
    {
        var clone = _cpu is null ? null : skb.Clone(_cpu.Pool);
        if (clone is not null) _cpu!.CountOriginated();
        return clone;
    }

    /// <inheritdoc />
    public SkBuff? Segment(SkBuff skb) => GsoCutter.Cut(_cpu!, skb);

    /// <inheritdoc />
    public bool Unshare(ref SkBuff skb)
    {
        if (_cpu is null || _cpu.PoolFor(skb.DataOffset + skb.Length).Rent() is not { } copy) return false;
        _cpu.CountOriginated();
        copy.CopyBytesOf(skb);
        _cpu.Consume(skb);
        skb = copy;
        return true;
    }

    private void Do(HostCpu cpu, QdiscWork work)
    {
        if (_shared is null)
        {
            Work(cpu, work);
            return;
        }

        if (work.Skb is not null) cpu.Release(work.Skb);
        if (!_shared.TryOwn(ref work)) return;
        var done = false;
        try
        {
            do
            {
                cpu.Out = work.Skb;
                Work(cpu, work);
            }
            while (_shared.TryTake(out work));
            done = true;
        }
        finally
        {
            if (!done)
            {
                _shared.GiveUp();
                Schedule(cpu); // for what others left
            }
        }
    }

    private void Work(HostCpu cpu, in QdiscWork work)
    {
        Lock(cpu);
        var qdisc = Qdisc;
        if (work.Skb is { } skb && !Take(cpu, qdisc, skb))
        {
            // without a queue, all is done
        }
        else
        {
            Run(cpu, qdisc);
        }

        (_cpu, _holder, _free) = (null, cpu, cpu.Cpu.Now);
    }

    /// <summary>
    /// Who comes while another CPU is at it waits until that has done, and pays for the line of cache that comes over; a free lock is part
    /// of <see cref="CostOp.DevQueueXmit"/>. The owner of a running qdisc on Linux would send for the others instead, in the same time.
    /// </summary>
    private void Lock(HostCpu cpu)
    {
        _cpu = cpu;
        if (_shared is not null || _holder is null || ReferenceEquals(_holder, cpu)) return;
        if (_free > cpu.Cpu.Now) cpu.Cpu.Spend(CostOp.LockContended, (_free - cpu.Cpu.Now).Nanoseconds);
        cpu.Cpu.Charge(CostOp.LockContended);
    }

    /// <summary>Takes a packet in. False when there is no queue behind which others could wait.</summary>
    private bool Take(HostCpu cpu, QdiscBase qdisc, SkBuff skb)
    {
        if (qdisc.IsNoQueue)
        {
            Send(cpu, qdisc, skb);
            return false;
        }

        if ((qdisc.Flags & QdiscFlags.CanBypass) != 0 && qdisc.Length == 0)
        {
            qdisc.CountBypass(skb);
            Send(cpu, qdisc, skb);
            return true;
        }

        if (cpu.Trace is not null) cpu.Emit(TracePoint.qdisc_enqueue, skb, _device.IfIndex, qdisc.Length);
        cpu.Release(skb);
        var result = qdisc.Enqueue(skb, cpu.Cpu.Now);
        if (_shared is null) cpu.XmitResult = result & NetXmitResults.Mask;
        return true;
    }

    private void Run(HostCpu cpu, QdiscBase qdisc)
    {
        Context.ClearWatchdog();
        for (var left = Quota; Peek(cpu, qdisc) is { } skb;)
        {
            if (!Send(cpu, qdisc, skb)) break;
            if (--left > 0) continue;
            Schedule(cpu);
            break;
        }

        if (!Context.Watchdog.IsNever) Arm(cpu, KernelTime.Max(Context.Watchdog, cpu.Cpu.Now + new KernelTime(1)));
    }

    /// <summary>The next packet whose queue is not stopped (kernel: <c>dequeue_skb</c>).</summary>
    private SkBuff? Peek(HostCpu cpu, QdiscBase qdisc)
    {
        if (qdisc.Returned is { } back && _device.TxQueues[back.QueueMapping].IsStopped) return null;
        if ((qdisc.Flags & QdiscFlags.OneTxQueue) != 0 && _device.TxQueues[_index].IsStopped) return null;
        if (qdisc.Length == 0) return null;
        var skb = qdisc.Dequeue(cpu.Cpu.Now);
        if (skb is null) return null;
        cpu.Out = skb;
        if (cpu.Trace is not null) cpu.Emit(TracePoint.qdisc_dequeue, skb, _device.IfIndex, qdisc.Length);
        return skb;
    }

    /// <summary>
    /// Gives a packet to the driver, in frames if it is large and the card does not cut it. False when that cannot take it now: it, or what
    /// is left of it, is the next; without a queue it is lost, "asks to queue packet!" (kernel: <c>sch_direct_xmit</c>,
    /// <c>validate_xmit_skb</c>).
    /// </summary>
    private bool Send(HostCpu cpu, QdiscBase qdisc, SkBuff skb)
    {
        var next = skb.Shared.GsoSize == 0 || _device.Cuts(skb) ? skb : Cut(cpu, skb);
        var isTaken = true;
        while (next is not null)
        {
            var frame = next;
            next = frame.Next;
            frame.Next = null;
            cpu.Out = frame;
            isTaken = (isTaken || qdisc.IsNoQueue) && !_device.TxQueues[frame.QueueMapping].IsStopped && StartXmit(cpu, frame);
            if (isTaken) continue;
            if (qdisc.IsNoQueue) Drop(frame, SkbDropReason.FULL_RING);
            else Return(cpu, qdisc, frame);
        }

        if (!isTaken && !qdisc.IsNoQueue) Schedule(cpu);
        return isTaken;
    }

    /// <summary>Kernel: <c>xmit_one</c>.</summary>
    private bool StartXmit(HostCpu cpu, SkBuff frame)
    {
        _stack.ShowOutgoing(cpu, frame, _device);
        return _device.TryStartXmit(cpu, frame);
    }

    private SkBuff? Cut(HostCpu cpu, SkBuff skb)
    {
        var frames = GsoCutter.Cut(cpu, skb);
        if (frames is null) _device.Counters[cpu.Cpu.LocalId].TxDropped++;
        return frames;
    }

    private static void Return(HostCpu cpu, QdiscBase qdisc, SkBuff skb)
    {
        cpu.Release(skb);
        qdisc.Requeue(skb);
    }

    private void Arm(HostCpu cpu, KernelTime at)
    {
        var timer = _watchdogs[_shared is null ? 0 : cpu.Cpu.LocalId];
        if (_shared is null) TimerWheel.Cancel(timer); // it may be pending on another CPU
        cpu.HrTimers.Arm(timer, at, cpu.Cpu.Now);
    }
}
