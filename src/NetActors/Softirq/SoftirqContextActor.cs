using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Softirq;

/// <summary>
/// Runs the pending softirqs of one CPU (kernel: <c>handle_softirqs</c>; specification section 4.2): at most ten passes and two
/// milliseconds, then ksoftirqd. It keeps its place when the horizon stops it between packets.
/// </summary>
internal sealed class SoftirqContextActor : UntypedActor
{
    private const int MaxPasses = 10;
    private static readonly KernelTime MaxTime = KernelTime.FromMilliseconds(2);
    private readonly HostCpu _cpu;
    private NetStack _stackAt; // whose packet of the backlog is at work
    private readonly HostSettingsView _settings;
    private IActorRef _startedBy = ActorRefs.Nobody;
    private Phase _phase;
    private uint _pass;
    private uint _running; // the vector at work, a bit
    private int _passesLeft;
    private long _end;
    private NapiInstance? _polling;
    private Delivery _pending;
    private bool _completedEarly;
    private int _dequeued; // of the backlog poll's packets, those behind the head
    private INapiPoller? _poller; // for which it polls
    private Nic.QdiscList _output; // what this run of NET_TX has left

    private readonly bool _mayBeAhead; // with a quantum, other CPUs' clocks may be ahead of this one's when they enqueue

    public SoftirqContextActor(HostCpu cpu, NetStack stack, HostSettingsView settings)
    {
        (_cpu, _stackAt, _settings) = (cpu, stack, settings);
        _mayBeAhead = cpu.Cpu.Layer.IsVirtual && cpu.Cpu.Layer.Settings.Quantum > KernelTime.Zero;
    }

    private enum Phase : byte
    {
        Idle,
        Vectors,
        NetTx,
        NetRx,
        Poll,
        Backlog,
    }

    public static Props Props(HostCpu cpu, NetStack stack, HostSettingsView settings) =>
        Akka.Actor.Props.Create(() => new SoftirqContextActor(cpu, stack, settings)).WithDispatcher($"cpu-{cpu.Cpu.Id}").WithMailbox("softirq");

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SoftirqProtocol.Run:
                if (_phase != Phase.Idle) // runs already, and tells ksoftirqd when it is done
                {
                    if (!Sender.IsNobody()) _startedBy = Sender;
                    break;
                }

                _startedBy = Sender;
                Begin();
                Advance();
                break;
            case SoftirqProtocol.PollFor(var poller):
                PollFor(poller);
                break;
            case SoftirqProtocol.Continue:
                Advance();
                break;
            case SoftirqProtocol.Polled(var completed):
                if (_poller is null) AfterPoll(repoll: !completed);
                else AfterPollFor(_poller, completed: completed);
                Advance();
                break;
            case SoftirqProtocol.PollFailed:
                if (_poller is null) AfterPoll(repoll: true);
                else AfterPollFor(_poller, failed: true);
                Advance();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>The loop failed: the packet in hand is lost and counted, what was pending runs afresh.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _cpu.Reclaim(ref _pending, SkbDropReason.ACTOR_FAILED);
        if (_poller is { } poller)
        {
            poller.OnPolled(_cpu, failed: true, completed: false);
            _cpu.Cpu.ServesTask = false;
        }
        else if (_polling is { } napi) ReturnToList(napi);
        _cpu.NetRx.End();
        while (_output.TakeFirst() is { } runner) _cpu.Softnet.OutputQueue.Enqueue(runner);
        _cpu.RaiseAgain(_pass | _running | (1u << (int)SoftirqVector.NetRx) | (1u << (int)SoftirqVector.NetTx));
        _cpu.InSoftirq = true;
        Self.Tell(SoftirqProtocol.Run.Instance, _startedBy);
    }

    protected override void PostStop()
    {
        _cpu.Reclaim(ref _pending, SkbDropReason.HOST_SHUTDOWN);
        _cpu.Softnet.Release(SkbDropReason.HOST_SHUTDOWN);
    }

    private void Begin()
    {
        _cpu.Cpu.Charge(CostOp.SoftirqEntry);
        var jiffies = _cpu.Timers.Jiffies;
        (_passesLeft, _phase) = (MaxPasses, Phase.Vectors);
        _end = jiffies.At(_cpu.Cpu.Now) + Math.Max(1, jiffies.Covering(MaxTime));
        (_pass, _running) = (_cpu.TakePending(), 0);
    }

    private void Advance()
    {
        while (true)
        {
            if (_phase != Phase.Idle && _cpu.Cpu.MustYield)
            {
                _cpu.Cpu.Again(SoftirqProtocol.Continue.Instance);
                return;
            }

            switch (_phase)
            {
                case Phase.Vectors:
                    if (_pass != 0) RunVector();
                    else if (!NextPass()) return;
                    break;
                case Phase.NetTx:
                    TransmitNext();
                    break;
                case Phase.NetRx:
                    if (PollNext()) return;
                    break;
                case Phase.Backlog:
                    ProcessBacklog();
                    break;
                default:
                    return;
            }
        }
    }

    private void RunVector()
    {
        var vector = (SoftirqVector)System.Numerics.BitOperations.TrailingZeroCount(_pass);
        _running = _pass & ~(_pass - 1);
        _pass &= _pass - 1;
        _cpu.SoftirqCounts[(int)vector]++;
        _cpu.Emit(TracePoint.softirq_entry, arg1: (int)vector);
        switch (vector)
        {
            case SoftirqVector.Timer:
                _cpu.RunTimers();
                break;
            case SoftirqVector.NetTx:
                _output = _cpu.Softnet.OutputQueue.TakeAll();
                _phase = Phase.NetTx;
                return;
            case SoftirqVector.NetRx:
                _cpu.NetRx.Begin(_cpu.Cpu.Now, _settings.Budget, _settings.BudgetTime);
                _phase = Phase.NetRx;
                return;
        }

        _cpu.Emit(TracePoint.softirq_exit, arg1: (int)vector);
    }

    /// <summary>Runs the next of the qdiscs that waited for NET_TX (kernel: <c>net_tx_action</c>).</summary>
    private void TransmitNext()
    {
        if (_output.TakeFirst() is { } runner)
        {
            runner.RunScheduled(_cpu);
            return;
        }

        _cpu.Emit(TracePoint.softirq_exit, arg1: (int)SoftirqVector.NetTx);
        _phase = Phase.Vectors;
    }

    /// <summary>The end of a pass. False when the loop is over.</summary>
    private bool NextPass()
    {
        if (_cpu.SoftirqPending != 0)
        {
            if (_cpu.Timers.Jiffies.At(_cpu.Cpu.Now) < _end && !_cpu.Cpu.Scheduler.NeedResched && --_passesLeft > 0)
            {
                _pass = _cpu.TakePending();
                return true;
            }

            _cpu.WakeKsoftirqd();
        }

        _phase = Phase.Idle;
        _cpu.Cpu.Charge(CostOp.SoftirqExit);
        _cpu.InSoftirq = false;
        if (!_startedBy.IsNobody()) _startedBy.Tell(KsoftirqdProtocol.LoopDone.Instance, ActorRefs.NoSender);
        _startedBy = ActorRefs.Nobody;
        return false;
    }

    /// <summary>Polls the next NAPI. True when another actor does it and will answer.</summary>
    private bool PollNext()
    {
        var napi = _cpu.NetRx.Next(_cpu.Cpu.Now);
        if (napi is null)
        {
            _cpu.NetRx.End();
            if (_cpu.NetRx.Reraise) _cpu.Raise(SoftirqVector.NetRx);
            SendRpsIpis();
            _cpu.Emit(TracePoint.softirq_exit, arg1: (int)SoftirqVector.NetRx);
            _phase = Phase.Vectors;
            return false;
        }

        (_polling, _completedEarly) = (napi, false); // a card's NAPI too, or one that spends its weight would be lost
        (napi.Budget, napi.Mode) = (napi.Weight, NapiPollMode.Napi);
        napi.Polls++;
        if (napi.Poller is not null)
        {
            _phase = Phase.Poll;
            napi.Poller.Tell(Nic.RxQueueProtocol.Poll.Instance, Self);
            return true;
        }

        _cpu.Cpu.Charge(CostOp.NapiPollEntry);
        napi.Work = _dequeued = 0;
        _phase = Phase.Backlog;
        SendRpsIpis();
        return false;
    }

    private void PollFor(INapiPoller poller)
    {
        (_startedBy, _poller, _polling, _phase) = (Sender, poller, poller.Napi, Phase.Poll);
        (_pass, _running) = (0, 0);
        _cpu.Cpu.ServesTask = true;
        poller.BeginPoll();
        poller.Napi.Polls++;
        poller.Napi.Poller!.Tell(Nic.RxQueueProtocol.Poll.Instance, Self);
    }

    /// <summary>Bottom halves are on again: what is pending runs before the task goes on.</summary>
    private void AfterPollFor(INapiPoller poller, bool failed = false, bool completed = false)
    {
        var napi = poller.Napi;
        poller.OnPolled(_cpu, failed, completed);
        _cpu.Emit(TracePoint.napi_poll, arg1: napi.Id, arg2: napi.Work);
        SendRpsIpis();
        _cpu.Cpu.ServesTask = false;
        (_poller, _polling) = (null, null);
        if (_cpu.SoftirqPending != 0)
        {
            Begin();
            return;
        }

        _phase = Phase.Idle;
        _cpu.InSoftirq = false;
        _startedBy.Tell(KsoftirqdProtocol.LoopDone.Instance, ActorRefs.NoSender);
        _startedBy = ActorRefs.Nobody;
    }

    private void AfterPoll(bool repoll)
    {
        var napi = _polling!;
        _polling = null;
        _phase = Phase.NetRx;
        _cpu.NetRx.Polled(napi, napi.Work, repoll, _cpu.Cpu.Now);
        _cpu.Emit(TracePoint.napi_poll, arg1: napi.Id, arg2: napi.Work);
    }

    /// <summary>The poll of a backlog ended in a failure: unless it had completed, it is polled again.</summary>
    private void ReturnToList(NapiInstance napi)
    {
        CountDequeued(napi);
        if (_completedEarly && (napi.Scheduled || _cpu.Softnet.ProcessLeft == 0)) return;
        napi.Scheduled = true;
        _cpu.Softnet.PollList.Append(napi);
    }

    /// <summary>
    /// A step of <c>process_backlog</c> (specification section 5.5): the hand-over of a packet, or the next packet up to it, or the end.
    /// </summary>
    private void ProcessBacklog()
    {
        if (_pending.Skb is not null)
        {
            _stackAt.Commit(_cpu, ref _pending);
            if (_settings.Kernel == KernelVersion.V310) CountDequeued(_polling!);
            return;
        }

        var napi = _polling!;
        var softnet = _cpu.Softnet;
        if (napi.Work == napi.Weight || (softnet.ProcessLeft == 0 && !TakeInput(napi)) || IsAhead(napi) || !softnet.TryDequeue(out var skb))
        {
            CountDequeued(napi);
            AfterPoll(napi.Work >= napi.Weight && napi.Scheduled && !_completedEarly);
            return;
        }

        _cpu.Hand = skb;
        napi.Work++;
        _cpu.Cpu.Charge(CostOp.BacklogDequeue);
        _cpu.Cpu.Touch(ref skb!.LastCpu, CacheLines.SkBuff);
        _cpu.Emit(TracePoint.process_backlog, skb, napi.Weight, napi.Work);
        if (_cpu.Namespaces is { } spaces) EnterNamespace(spaces, skb!);
        _pending = _stackAt.Receive(_cpu, skb!);
        if (_pending.Skb is not null) _cpu.Keep();
        else if (_settings.Kernel == KernelVersion.V310) CountDequeued(napi);
    }

    /// <summary>
    /// Moves the head over what was processed: after each packet in 3.10, after the whole poll in 6.18, so that packets of a flow that
    /// moves away are never overtaken (kernel: <c>rps_input_queue_head_add</c>).
    /// </summary>
    private void CountDequeued(NapiInstance napi)
    {
        _cpu.Softnet.InputQueueHead += (uint)(napi.Work - _dequeued);
        _dequeued = napi.Work;
    }

    /// <summary>The packet is of one of several namespaces; its sender in another is charged for it no longer (kernel: <c>ip_rcv_core</c>).</summary>
    private void EnterNamespace(NetStack[] spaces, SkBuff skb)
    {
        skb.Orphan();
        skb.Socket = null;
        _stackAt = spaces[skb.Netns];
        _stackAt.Enter(_cpu);
    }

    /// <summary>Moves what came meanwhile to the process queue; completes when that was nothing.</summary>
    private bool TakeInput(NapiInstance napi)
    {
        var softnet = _cpu.Softnet;
        _cpu.Cpu.Touch(ref softnet.LastCpu, CacheLines.Backlog);
        if (_completedEarly) return false; // what came since has scheduled the backlog anew
        if (!softnet.Splice() && (LetGo(napi) || !softnet.Splice())) return false;
        if (_settings.Kernel == KernelVersion.V310 && softnet.ProcessLeft < napi.Weight - napi.Work)
            _completedEarly = LetGo(napi); // 3.10 completes before it processes the last batch
        return true;
    }

    /// <summary>
    /// The next packet comes only later, by the clock of the CPU that enqueued it: it finds an idle backlog then, and interrupts.
    /// </summary>
    private bool IsAhead(NapiInstance napi)
    {
        if (!_mayBeAhead) return false;
        var softnet = _cpu.Softnet;
        var from = softnet.NextVisible;
        if (from.IsNever || from <= _cpu.Cpu.Now) return false;
        softnet.Unsplice();
        if (!_completedEarly || napi.TryClaim()) _cpu.Cpu.Layer.TellAt(_cpu.CpuActor, _cpu.RpsIpi, from);
        return true;
    }

    /// <summary>
    /// Gives the claim on the backlog up. False: another CPU enqueued before it could see that, and the claim is ours again (on Linux the
    /// queue's lock keeps them apart).
    /// </summary>
    private bool LetGo(NapiInstance napi)
    {
        napi.Scheduled = false;
        return _cpu.Softnet.InputLength == 0 || !napi.TryClaim();
    }

    /// <summary>Interrupts the CPUs whose backlogs this one filled, the last listed first (specification section 5.6).</summary>
    private void SendRpsIpis()
    {
        var list = _cpu.Softnet.RpsIpiList;
        while (list.Count > 0)
        {
            var target = list[^1];
            list.RemoveAt(list.Count - 1);
            _cpu.Cpu.Charge(CostOp.IpiSend);
            _cpu.IpisSent++;
            target.CpuActor.Tell(target.RpsIpi, ActorRefs.NoSender);
            _cpu.Emit(TracePoint.ipi_send, arg1: target.Cpu.LocalId);
        }
    }
}
