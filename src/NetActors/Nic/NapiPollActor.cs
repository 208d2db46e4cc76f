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
/// A NAPI's poll, on whichever CPU has it on its poll list: takes packets up to the budget through receive offload to the stack, one step at a
/// time, so that whatever comes earlier comes first. What a packet is taken from and what the end of a poll lets through again is the
/// device's (kernel: <c>napi_struct.poll</c>, <c>napi_gro_receive</c>, <c>napi_complete_done</c>).
/// </summary>
/// <param name="device">Whose packets they are.</param>
/// <param name="napi">What is polled; its receive offload is set.</param>
/// <param name="stack">Where they go.</param>
/// <param name="home">A CPU of its host.</param>
/// <param name="settings">The host's settings.</param>
/// <param name="kernel">By which rules a poll completes.</param>
internal abstract class NapiPollActor(
    NetDevice device, NapiInstance napi, NetStack stack, EmulatedCpu home, HostSettingsView settings, KernelVersion kernel) : UntypedActor
{
    private readonly GroEngine _gro = napi.Gro!; // a restarted driver finds what it held
    private Delivery _pending;
    private RpsFlowRef _flow; // of what is pending for a backlog
    private IActorRef _softirq = ActorRefs.Nobody;
    private HostCpu _cpu = null!; // who polls
    private bool _polling;
    private bool _completed;
    private bool _goesUp; // a list is being handed to the stack: no packet is polled meanwhile
    private bool _flushed; // the poll has found its last packet
    private bool _held; // receive offload had packets when it was flushed

    protected override void PreStart()
    {
        TaskQueues.Home(Context, home);
        TaskQueues.StayWithCaller(Context); // who has the claim polls: the CPU that gave it up may still be leaving
    }

    protected override void OnReceive(object message)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        stack.Enter(cpu);
        switch (message)
        {
            case RxQueueProtocol.Poll:
                _softirq = Sender;
                (_cpu, _polling, _completed, _flushed) = (cpu, true, false, false);
                napi.Work = 0;
                cpu.Emit(TracePoint.__napi_poll, arg1: napi.Id, arg2: napi.Budget);
                cpu.Cpu.Charge(CostOp.NapiPollEntry);
                Begin(cpu);
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

    /// <summary>What a driver does before it takes packets.</summary>
    protected virtual void Begin(HostCpu cpu)
    {
    }

    /// <summary>The next packet that is there at <paramref name="now"/>.</summary>
    protected abstract bool TryPoll(KernelTime now, out SkBuff skb);

    /// <summary>Takes a packet, which is in the CPU's hand, to <see cref="Show"/> and <see cref="Merge"/>; or ends it.</summary>
    protected abstract void Take(HostCpu cpu, SkBuff skb);

    /// <summary>A packet, or several in one, goes up.</summary>
    protected virtual void OnUp(SkBuff skb)
    {
    }

    /// <summary>The poll is completed, and nobody scheduled it meanwhile: the driver lets the next packet schedule it.</summary>
    /// <param name="cpu">Who polled.</param>
    /// <param name="completion">Whether a timer will poll in place of an interrupt.</param>
    /// <param name="isSpent">The poll took all that it may: there may be more.</param>
    protected abstract void OnCompleted(HostCpu cpu, NapiCompletion completion, bool isSpent);

    /// <summary>Hands a packet over to receive offload (kernel: <c>napi_gro_receive</c>).</summary>
    protected void Show(HostCpu cpu, SkBuff skb)
    {
        if (cpu.Trace is not null) cpu.Emit(TracePoint.napi_gro_receive, skb, device.IfIndex, skb.Length);
        cpu.Release(skb);
    }

    /// <summary>Lets receive offload make it part of another, if it is on (kernel: <c>dev_gro_receive</c>).</summary>
    protected void Merge(HostCpu cpu, SkBuff skb, bool isOn, bool isLossy = false)
    {
        if (_gro.Receive(skb, isOn, cpu.Cpu.Now, isLossy) == GroResult.Merged) cpu.Consumed++;
        _goesUp = _gro.IsUpDue(settings.GroNormalBatch);
    }

    private void Poll(HostCpu cpu)
    {
        var time = cpu.Cpu;
        while (!time.MustYield)
        {
            if (_pending.Skb is not null)
            {
                stack.Commit(cpu, ref _pending, _flow);
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

            if (napi.Work == napi.Budget || !TryPoll(time.Now, out var skb))
            {
                Flush(time.Now);
                continue;
            }

            cpu.Hand = skb;
            napi.Work++;
            Take(cpu, skb);
        }

        time.Again(RxQueueProtocol.Continue.Instance);
    }

    /// <summary>Hands a packet, or several in one, to the stack.</summary>
    private void GoUp(HostCpu cpu, SkBuff skb)
    {
        cpu.Hand = skb;
        OnUp(skb);
        _pending = stack.Input(cpu, device, skb, ref _flow);
        if (_pending.Skb is not null) cpu.Keep();
    }

    /// <summary>
    /// The poll has found its last packet: what receive offload holds goes up now, unless the next poll or a timer is near (kernel:
    /// <c>napi_complete_done</c>, <c>__napi_poll</c>, <c>__busy_poll_stop</c>). A busy poller leaves it to its last poll.
    /// </summary>
    private void Flush(KernelTime now)
    {
        _held = _gro.Held > 0;
        var isSpent = napi.Work == napi.Budget && !IsWantedByTask;
        if (isSpent && napi.Mode is NapiPollMode.Napi or NapiPollMode.BusyEnd) _gro.FlushAtWeight(now);
        else if (!isSpent && napi.Mode != NapiPollMode.Busy) _gro.Flush(napi.FlushTimer(napi.Work, _held) > KernelTime.Zero, now);
        (_flushed, _goesUp) = (true, true);
    }

    /// <summary>A full poll, but a busy poller waits for the NAPI (kernel: <c>napi_prefer_busy_poll</c>).</summary>
    private bool IsWantedByTask => napi is { Mode: NapiPollMode.Napi, PreferBusyPoll: true };

    private void End(HostCpu cpu)
    {
        var completes = napi.Work < napi.Budget || IsWantedByTask;
        if (completes) Complete(cpu);
        _polling = false;
        _softirq.Tell(completes ? SoftirqProtocol.Polled.AndCompleted : SoftirqProtocol.Polled.Instance, ActorRefs.NoSender);
    }

    private void Complete(HostCpu cpu)
    {
        if (napi.InBusyPoll) return; // its poller ends it
        var isSpent = napi.Work == napi.Budget;
        cpu.Cpu.Charge(CostOp.NapiComplete);
        cpu.Emit(TracePoint.napi_complete_done, arg1: napi.Id, arg2: napi.Work);
        _completed = true;
        var (completion, timer) = napi.CompleteDone(napi.Work, kernel, _held);
        napi.MarkFreed(cpu);
        if (timer > KernelTime.Zero) napi.Timer.Start(cpu, timer);
        if (completion == NapiCompletion.PollAgain) NapiScheduling.Enlist(cpu, napi, kernel);
        else OnCompleted(cpu, completion, isSpent);
    }
}
