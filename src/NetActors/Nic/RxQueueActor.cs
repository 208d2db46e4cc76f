using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Gro;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Softirq;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// Polls one queue of a NIC on whichever CPU has it on its poll list: cleans the transmit ring, takes packets up to the weight, and lets
/// interrupts through again when there are no more (kernel: a driver's <c>ixgbe_poll</c>).
/// </summary>
internal sealed class RxQueueActor : UntypedActor
{
    private readonly NicDevice _device;
    private readonly NapiInstance _napi;
    private readonly NetStack _stack;
    private readonly EmulatedCpu _home;
    private readonly int _queue;
    private readonly HostSettingsView _settings;
    private readonly GroEngine _gro;
    private Delivery _pending;
    private RpsFlowRef _flow; // of what is pending for a backlog
    private IActorRef _softirq = ActorRefs.Nobody;
    private readonly bool _lazy; // virtual time: the hardware is advanced by whoever looks at it
    private bool _polling;
    private bool _completed;
    private bool _goesUp; // a list is being handed to the stack: no packet is polled meanwhile
    private bool _flushed; // the poll has found its last packet
    private bool _held; // receive offload had packets when it was flushed
    private HostCpu _cpu = null!; // who polls

    public RxQueueActor(NicDevice device, int queue, NetStack stack, EmulatedCpu home, HostSettingsView settings)
    {
        (_device, _queue, _stack, _home, _settings) = (device, queue, stack, home, settings);
        _lazy = home.Layer.IsVirtual;
        _napi = device.Napis[queue];
        _gro = _napi.Gro ??= new GroEngine(settings.Kernel, home.Layer.Settings.Jiffies) { Sockets = stack.GroSockets(() => (device.Receive.Features & NicFeatures.UdpGroForwarding) != 0) }; // a restarted driver finds what it held
    }

    public static Props Props(NicDevice device, int queue, NetStack stack, EmulatedCpu home, HostSettingsView settings) =>
        Akka.Actor.Props.Create(() => new RxQueueActor(device, queue, stack, home, settings)).WithDispatcher("caller-cpu");

    protected override void PreStart() => TaskQueues.Home(Context, _home);

    protected override void OnReceive(object message)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        _stack.Enter(cpu);
        switch (message)
        {
            case RxQueueProtocol.Poll:
                _softirq = Sender;
                (_cpu, _polling, _completed, _flushed) = (cpu, true, false, false);
                _napi.Work = 0;
                cpu.Emit(TracePoint.__napi_poll, arg1: _napi.Id, arg2: _napi.Budget);
                cpu.Cpu.Charge(CostOp.NapiPollEntry);
                _device.CleanTx(cpu, _queue);
                Poll(cpu);
                break;
            case RxQueueProtocol.Continue:
                Poll(cpu);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A driver that failed loses the packet in hand, counted, and its poll ends; the queue goes on.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (!_polling) return;
        _cpu.Reclaim(ref _pending, SkbDropReason.ACTOR_FAILED);
        _polling = false;
        _softirq.Tell(_completed ? (object)SoftirqProtocol.Polled.AndCompleted : SoftirqProtocol.PollFailed.Instance, ActorRefs.NoSender);
    }

    protected override void PostStop()
    {
        if (_polling) _cpu.Reclaim(ref _pending, SkbDropReason.HOST_SHUTDOWN);
        _gro.Release(SkbDropReason.HOST_SHUTDOWN);
    }

    private void Poll(HostCpu cpu)
    {
        var time = cpu.Cpu;
        while (!time.MustYield)
        {
            if (_pending.Skb is not null)
            {
                _stack.Commit(cpu, ref _pending, _flow);
                continue; // whoever it woke comes before the next packet
            }

            if (_goesUp)
            {
                if (_gro.TryTakeUp(out var up)) GoUp(cpu, up);
                else _goesUp = false;
                continue;
            }

            if (_flushed)
            {
                End(cpu);
                return;
            }

            if (_napi.Work == _napi.Budget || !TryPoll(time.Now, out var skb))
            {
                Flush(time.Now);
                continue;
            }

            cpu.Hand = skb;
            _napi.Work++;
            time.Charge(CostOp.RxDescriptor);
            time.Charge(CostOp.FirstTouch);
            time.Own(ref skb.LastCpu);
            Take(cpu, skb);
        }

        time.Again(RxQueueProtocol.Continue.Instance);
    }

    private bool TryPoll(KernelTime now, out SkBuff skb) =>
        _lazy ? _device.Receive.TryPoll(_queue, now, out skb) : _device.Receive.TryPollRing(_queue, now, out skb);

    private void End(HostCpu cpu)
    {
        var completes = _napi.Work < _napi.Budget || IsWantedByTask;
        if (completes) Complete(cpu);
        _polling = false;
        _softirq.Tell(completes ? SoftirqProtocol.Polled.AndCompleted : SoftirqProtocol.Polled.Instance, ActorRefs.NoSender);
    }

    private void Take(HostCpu cpu, SkBuff skb)
    {
        skb.NapiId = _napi.Id;
        if (!_device.TakeIn(cpu, skb, _queue, _stack)) return;
        var isOn = (_device.Receive.Features & NicFeatures.Gro) != 0 && _device.XdpGeneric is null; // netif_elide_gro
        var isLossy = (_device.Receive.Features & NicFeatures.Lro) != 0 && _device.XdpGeneric is null;
        if (isOn || isLossy) cpu.Cpu.Charge(CostOp.GroReceive);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.napi_gro_receive, skb, _device.IfIndex, skb.Length);
        cpu.Release(skb);
        if (_gro.Receive(skb, isOn, cpu.Cpu.Now, isLossy) == GroResult.Merged) cpu.Consumed++;
        _goesUp = _gro.IsUpDue(_settings.GroNormalBatch);
    }

    /// <summary>Hands a packet, or several in one, to the stack.</summary>
    private void GoUp(HostCpu cpu, SkBuff skb)
    {
        cpu.Hand = skb;
        _pending = _stack.Input(cpu, _device, skb, ref _flow);
        if (_pending.Skb is not null) cpu.Keep();
    }

    /// <summary>
    /// The poll has found its last packet: what receive offload holds goes up now, unless the next poll or a timer is near (kernel:
    /// <c>napi_complete_done</c>, <c>__napi_poll</c>, <c>__busy_poll_stop</c>). A busy poller leaves it to its last poll.
    /// </summary>
    private void Flush(KernelTime now)
    {
        _held = _gro.Held > 0;
        var isSpent = _napi.Work == _napi.Budget && !IsWantedByTask;
        if (isSpent && _napi.Mode is NapiPollMode.Napi or NapiPollMode.BusyEnd) _gro.FlushAtWeight(now);
        else if (!isSpent && _napi.Mode != NapiPollMode.Busy) _gro.Flush(_napi.FlushTimer(_napi.Work, _held) > KernelTime.Zero, now);
        (_flushed, _goesUp) = (true, true);
    }

    /// <summary>A full poll, but a busy poller waits for the NAPI (kernel: <c>napi_prefer_busy_poll</c>).</summary>
    private bool IsWantedByTask => _napi is { Mode: NapiPollMode.Napi, PreferBusyPoll: true };

    private void Complete(HostCpu cpu)
    {
        if (_napi.InBusyPoll) return; // its poller ends it
        var isSpent = _napi.Work == _napi.Budget;
        _napi.GaveUp = isSpent;
        cpu.Cpu.Charge(CostOp.NapiComplete);
        cpu.Emit(TracePoint.napi_complete_done, arg1: _napi.Id, arg2: _napi.Work);
        _completed = true;
        var (completion, timer) = _napi.CompleteDone(_napi.Work, _settings.Kernel, _held);
        _napi.MarkFreed(cpu);
        if (timer > KernelTime.Zero) _napi.Timer.Start(cpu, timer);
        switch (completion)
        {
            case NapiCompletion.Unmask when isSpent: // nobody defers: packets are left, and no interrupt would tell of them
                NapiScheduling.Schedule(cpu, _napi, _settings.Kernel);
                break;
            case NapiCompletion.Unmask:
                _device.Unmask(_queue);
                break;
            case NapiCompletion.PollAgain:
                NapiScheduling.Enlist(cpu, _napi, _settings.Kernel);
                break;
        }
    }
}
