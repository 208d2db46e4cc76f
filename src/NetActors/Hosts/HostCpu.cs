using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Irq;
using NetActors.Observe;
using NetActors.Qdisc;
using NetActors.Softirq;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// What a host keeps per CPU (kernel: per-CPU data): softirq state, poll list and backlog, timers, packets, counters. Only handlers that
/// run on this CPU touch it, so nothing here needs a lock.
/// </summary>
internal sealed partial class HostCpu : ICpuHooks, IDeliveryTarget
{
    private const int LargeBytes = 65536 + 128; // the largest IP packet with headroom
    private readonly HostSettingsView _settings;
    private readonly List<IActorRef> _socketsOf = []; // of the namespaces beside the first
    private bool _timerRaised;
    private long _packets;

    public HostCpu(EmulatedCpu cpu, HostSettingsView settings, int hostIndex, int napiId)
    {
        (Cpu, _settings, HostIndex) = (cpu, settings, hostIndex);
        var jiffies = cpu.Layer.Settings.Jiffies;
        Timers = new TimerWheel(jiffies);
        Softnet = new SoftnetData(settings.MaxBacklog, napiId, settings.BacklogWeight, !cpu.Layer.IsVirtual) { Backlog = { Owner = this } };
        NetRx = new NetRxAction(Softnet, settings.Kernel, jiffies);
        Pool = new SkbPool(settings.SkbBytes, settings.PoolLimit, !cpu.Layer.IsVirtual, settings.Kernel);
        LargePool = new SkbPool(LargeBytes, settings.LargePoolLimit, !cpu.Layer.IsVirtual, settings.Kernel);
        Ksoftirqd = new TaskEntity(10 + cpu.LocalId, $"ksoftirqd/{cpu.LocalId}") { IsKsoftirqd = true, Cpu = cpu };
        _balance = new TimerEntry(this);
        Activation = new CpuProtocol.Ipi(CpuProtocol.IpiKind.Activation, this);
        RescheduleIpi = new CpuProtocol.Ipi(CpuProtocol.IpiKind.Reschedule, this);
        RpsIpi = new CpuProtocol.Ipi(CpuProtocol.IpiKind.CallFunction, this);
        cpu.Hooks = this;
    }

    public EmulatedCpu Cpu { get; }

    public int HostIndex { get; }

    /// <summary>It takes packets (kernel: <c>cpu_online</c>).</summary>
    public bool IsOnline { get; set; } = true;

    public TimerWheel Timers { get; }

    public SoftnetData Softnet { get; }

    public NetRxAction NetRx { get; }

    /// <summary>The kernel that its host runs.</summary>
    public KernelVersion Kernel => _settings.Kernel;

    public SkbPool Pool { get; }

    /// <summary>For packets that do not fit into <see cref="Pool"/>'s: up to the largest of IP.</summary>
    public SkbPool LargePool { get; }

    /// <summary>The pool for a packet of <paramref name="room"/> bytes, headers included.</summary>
    public SkbPool PoolFor(int room) => room <= _settings.SkbBytes ? Pool : LargePool;

    /// <summary>Counters of the namespace whose work is done; its machine's, where there is only one.</summary>
    public MibSet Mib { get; set; } = new();

    /// <summary>The namespaces of the machine by number; null where there is only one.</summary>
    public NetStack[]? Namespaces { get; set; }

    public TaskEntity Ksoftirqd { get; }

    /// <summary>Softirqs raised and not run, a bit each (kernel: <c>__softirq_pending</c>).</summary>
    public uint SoftirqPending { get; private set; }

    /// <summary>Softirqs are being run, or will be before any task.</summary>
    public bool InSoftirq { get; set; }

    /// <summary>Runs of each vector (/proc/softirqs).</summary>
    public long[] SoftirqCounts { get; } = new long[10];

    /// <summary>Packets freed here by reason.</summary>
    public long[] Drops { get; } = new long[DropTable.Size];

    /// <summary>Packets that the stack itself used up: ARP, ICMP.</summary>
    public long Consumed { get; set; }

    /// <summary>Packets that this CPU has in hand between two steps.</summary>
    public int InHand { get; set; }

    /// <summary>Packets that this CPU made and handed to a device, and copies for groups.</summary>
    public long Originated { get; private set; }

    /// <summary>
    /// What became of the last packet that this CPU gave to a qdisc, as callers see it (kernel: the result of <c>dev_queue_xmit</c>). Always
    /// success in real time, where another CPU may take the packet.
    /// </summary>
    public NetXmit XmitResult { get; set; }

    /// <summary>Ways out that no packet has now.</summary>
    public ForwardTarget? ForwardTargets { get; set; }

    /// <summary>How deep filters have sent packets from device to device.</summary>
    public int Redirects { get; set; }

    /// <summary>The packet that the handler at work received and owns; null when it has given it up.</summary>
    public SkBuff? Hand { get; set; }

    /// <summary>The packet that the handler at work is sending and owns; null when it has given it up.</summary>
    public SkBuff? Out { get; set; }

    public long HardIrqs { get; set; }

    public long LocalTimerInterrupts { get; private set; }

    public long RescheduleInterrupts { get; set; }

    public long CallFunctionInterrupts { get; set; }

    public long IpisSent { get; set; }

    public long KsoftirqdWakeups { get; private set; }

    public IActorRef CpuActor { get; set; } = ActorRefs.Nobody;

    public IActorRef SoftirqActor { get; set; } = ActorRefs.Nobody;

    /// <summary>Makes sockets here.</summary>
    public IActorRef SocketsActor { get; set; } = ActorRefs.Nobody;

    /// <summary>Who makes sockets here in a namespace.</summary>
    public IActorRef SocketsOf(int netns) => netns == 0 ? SocketsActor : _socketsOf[netns - 1];

    /// <summary>Names who makes sockets here in a namespace, in the order of their numbers.</summary>
    public void AddSockets(IActorRef sockets) => _socketsOf.Add(sockets);

    public CpuProtocol.Ipi RescheduleIpi { get; }

    public CpuProtocol.Ipi RpsIpi { get; }

    public ITraceSink? Trace { get; set; }

    /// <summary>Takes what connections are like when segments come; null for none.</summary>
    public ITcpProbeSink? TcpProbe { get; set; }

    /// <summary>Somebody wants to know what segments find.</summary>
    public bool IsProbed => Trace is not null || TcpProbe is not null;

    /// <summary>Timers to the nanosecond: sleeps and timeouts of calls (kernel: <c>hrtimer</c>).</summary>
    public TimerWheel HrTimers { get; } = new(Jiffies.Exact);

    /// <summary>Those of NAPIs, which come without a tick.</summary>
    public TimerWheel NapiTimers { get; } = new(Jiffies.Exact);

    public long NextTimerInterrupt => NapiTimers.Count == 0 ? NextOfWheels : Math.Min(NextOfWheels, NapiTimers.NextExpiry.Nanoseconds);

    private long NextOfWheels => Timers.Count + HrTimers.Count == 0
        ? long.MaxValue
        : Math.Min(_timerRaised ? long.MaxValue : Timers.NextExpiry.Nanoseconds, HrTimers.NextExpiry.Nanoseconds);

    public void TimerInterrupt()
    {
        LocalTimerInterrupts++;
        Emit(TracePoint.local_timer_entry);
        var hasTick = NextOfWheels <= Cpu.Now.Nanoseconds;
        Cpu.Charge(CostOp.HardIrqEntry);
        if (hasTick) Cpu.Charge(CostOp.TimerTick);
        NapiTimers.Expire(Cpu.Now);
        HrTimers.Expire(Cpu.Now);
        if (!_timerRaised && Timers.NextExpiry <= Cpu.Now)
        {
            _timerRaised = true;
            Raise(SoftirqVector.Timer);
        }

        Cpu.Charge(CostOp.HardIrqExit);
        Emit(TracePoint.local_timer_exit);
        IrqExit();
    }

    /// <summary>Runs the timers that are due (kernel: <c>run_timer_softirq</c>).</summary>
    public void RunTimers()
    {
        _timerRaised = false;
        var expired = Timers.Expire(Cpu.Now);
        if (expired > 0) Cpu.Charge(CostOp.TimerExpire, expired);
    }

    /// <summary>Has this CPU look at a socket's timer that it has; from any of them, in real time.</summary>
    public void LookAt(SocketTimer timer) => CpuActor.Tell(timer, ActorRefs.NoSender);

    /// <summary>The same for a NAPI's.</summary>
    public void LookAt(NapiInstance napi) => CpuActor.Tell(new CpuProtocol.LookAtTimer(napi), ActorRefs.NoSender);

    /// <summary>Has this CPU put a NAPI, claimed for it, on its poll list at a time to come.</summary>
    public void EnlistAt(NapiInstance napi, KernelTime at) => Cpu.Layer.TellAt(CpuActor, napi.EnlistMessage, at);

    /// <summary>NAPIs that tasks may poll, of the whole host.</summary>
    public NapiHash Napis { get; set; } = new();

    /// <summary>There is such a NAPI that tasks may poll.</summary>
    public bool HasNapi(int id) => id != 0 && Napis.ById(id) is not null;

    /// <summary><c>net.core.busy_poll</c>.</summary>
    public int BusyPollUsecs => Napis.BusyPoll;

    /// <summary><c>net.core.busy_read</c>.</summary>
    public int BusyReadUsecs => Napis.BusyRead;

    /// <summary>A program found events: its NAPI's interrupts stay away for <c>irq_suspend_timeout</c> (kernel: <c>napi_suspend_irqs</c>).</summary>
    public void SuspendIrqs(int napiId)
    {
        if (Napis.ById(napiId) is { } napi && napi.IrqSuspendTimeout > KernelTime.Zero) napi.Timer.Start(this, napi.IrqSuspendTimeout);
    }

    /// <summary>
    /// A program found none and goes to sleep: its NAPI is polled once, and then deferred as ever (kernel: <c>napi_resume_irqs</c>). True when
    /// there was something to resume.
    /// </summary>
    public bool ResumeIrqs(int napiId)
    {
        if (Napis.ById(napiId) is not { } napi || napi.IrqSuspendTimeout == KernelTime.Zero) return false;
        NapiScheduling.Schedule(this, napi, _settings.Kernel);
        IrqExit();
        return true;
    }

    /// <summary>Has this CPU's softirq context poll once for the current task, with bottom halves off.</summary>
    public void PollFor(SoftirqProtocol.PollFor poll, IActorRef task)
    {
        InSoftirq = true;
        SoftirqActor.Tell(poll, task);
    }

    /// <summary>Has this CPU forget the neighbours of a device.</summary>
    public void ForgetNeighbours(NetStack stack, int ifIndex) => CpuActor.Tell(new CpuProtocol.LinkDown(stack, ifIndex), ActorRefs.NoSender);

    /// <summary>Has this CPU start the timers of tables that the host's CPUs share; from any of them.</summary>
    public void AddTimers() => CpuActor.Tell(CpuProtocol.AddTimers.Instance, ActorRefs.NoSender);

    /// <summary>Marks a softirq to be run (kernel: <c>__raise_softirq_irqoff</c>).</summary>
    public void Raise(SoftirqVector vector)
    {
        SoftirqPending |= 1u << (int)vector;
        Emit(TracePoint.softirq_raise, arg1: (int)vector);
    }

    /// <summary>Softirqs that a failed loop took and did not finish are pending again.</summary>
    public void RaiseAgain(uint vectors)
    {
        SoftirqPending |= vectors;
        if ((vectors & (1u << (int)SoftirqVector.Timer)) != 0) _timerRaised = true;
    }

    /// <summary>Takes what is pending for a pass.</summary>
    public uint TakePending()
    {
        var pending = SoftirqPending;
        SoftirqPending = 0;
        return pending;
    }

    /// <summary>
    /// The end of a hard interrupt, or of a section with bottom halves disabled: runs softirqs here and now if any are pending and none
    /// run already (kernel: <c>irq_exit</c>, <c>__local_bh_enable_ip</c>; specification section 4.3).
    /// </summary>
    public void IrqExit()
    {
        if (SoftirqPending == 0 || InSoftirq) return;
        if (_settings.DeferToRunningKsoftirqd && Ksoftirqd.State is TaskState.Runnable or TaskState.Running) return;
        InSoftirq = true;
        SoftirqActor.Tell(SoftirqProtocol.Run.Instance, ActorRefs.NoSender);
    }

    /// <summary>Wakes ksoftirqd (kernel: <c>wakeup_softirqd</c>).</summary>
    public void WakeKsoftirqd()
    {
        if (Ksoftirqd.State != TaskState.Sleeping) return;
        KsoftirqdWakeups++;
        Wake(Ksoftirqd);
        Ksoftirqd.Actor.Tell(KsoftirqdProtocol.Run.Instance, ActorRefs.NoSender);
    }

    public void OnSwitch(TaskEntity? previous, TaskEntity next) =>
        Emit(TracePoint.sched_switch, arg1: previous?.Pid ?? 0, arg2: next.Pid);

    /// <summary>A number for a packet that this CPU makes: unique in the simulation.</summary>
    public long NextPacketId() => ((Cpu.Id + 1L) << 40) | ++_packets;

    /// <summary>A packet of our own making goes on its way down.</summary>
    public void Originate(SkBuff skb)
    {
        Originated++;
        Out = skb;
    }

    /// <summary>Copies of a packet, or what it was cut into, go on their way down.</summary>
    public void CountOriginated(int packets = 1) => Originated += packets;

    /// <summary>Somebody else owns the packet from here on.</summary>
    public void Release(SkBuff skb)
    {
        if (ReferenceEquals(Hand, skb)) Hand = null;
        if (ReferenceEquals(Out, skb)) Out = null;
    }

    /// <inheritdoc />
    public void Deliver(NetStack stack, HostCpu cpu, SkBuff skb, in RpsFlowRef flow) => stack.EnqueueToBacklog(cpu, this, skb, flow);

    /// <summary>The packet in hand waits for its delivery.</summary>
    public void Keep()
    {
        InHand++;
        Hand = null;
    }

    /// <summary>A handler failed: what it owned is lost and counted.</summary>
    /// <param name="pending">A delivery that it had not made.</param>
    /// <param name="reason">What it counts as.</param>
    public void Reclaim(ref Delivery pending, SkbDropReason reason)
    {
        if (pending.Skb is not null) InHand--;
        Lose(pending.Skb, reason);
        pending = default;
        Reclaim(reason);
    }

    /// <summary>A handler without deliveries failed.</summary>
    public void Reclaim(SkbDropReason reason)
    {
        Lose(Hand, reason);
        if (!ReferenceEquals(Hand, Out)) Lose(Out, reason);
        (Hand, Out) = (null, null);
    }

    private void Lose(SkBuff? skb, SkbDropReason reason)
    {
        if (skb is null) return;
        Drops[DropTable.IndexOf(reason)]++;
        skb.Free(reason);
    }

    /// <summary>Frees a packet that went no further, with its reason counted (kernel: <c>kfree_skb_reason</c>).</summary>
    public void Drop(SkBuff skb, SkbDropReason reason)
    {
        Cpu.Charge(CostOp.SkbDrop);
        Drops[DropTable.IndexOf(reason)]++;
        Release(skb);
        try
        {
            if (Trace is not null) Emit(TracePoint.kfree_skb, skb, (int)reason);
        }
        finally
        {
            skb.Free(reason);
        }
    }

    /// <summary>A driver gives a frame back that never was an sk_buff: counted, but no <c>kfree_skb</c> and none of its cost.</summary>
    public void DropInDriver(SkBuff skb, SkbDropReason reason)
    {
        Release(skb);
        Lose(skb, reason);
    }

    /// <summary>Frees a packet that the stack itself used up (kernel: <c>consume_skb</c>).</summary>
    public void Consume(SkBuff skb)
    {
        Consumed++;
        ConsumeByProgram(skb);
    }

    /// <summary>Frees a packet that a program has read.</summary>
    public void ConsumeByProgram(SkBuff skb)
    {
        Cpu.Charge(CostOp.SkbFree);
        Release(skb);
        try
        {
            if (Trace is not null) Emit(TracePoint.consume_skb, skb);
        }
        finally
        {
            skb.Free(SkbDropReason.CONSUMED);
        }
    }

    private static TraceContext ContextOf(CpuContext context) => context switch
    {
        CpuContext.HardIrq => TraceContext.HardIrq,
        CpuContext.Softirq => TraceContext.Softirq,
        CpuContext.Task => TraceContext.Task,
        _ => TraceContext.Device,
    };

    public void Emit(TracePoint point, SkBuff? skb = null, long arg1 = 0, long arg2 = 0) =>
        Trace?.Emit(new TraceEvent(Cpu.Now, HostIndex, Cpu.LocalId, ContextOf(Cpu.Context), point, skb?.Id ?? 0, skb?.Hash ?? 0, arg1, arg2));
}
