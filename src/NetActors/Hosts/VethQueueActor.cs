using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Gro;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Softirq;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>Polls the ring of a veth end on whichever CPU has sent to it (kernel: <c>veth_poll</c>, <c>veth_xdp_rcv</c>).</summary>
internal sealed class VethQueueActor : UntypedActor
{
    private readonly VethDevice _device;
    private readonly VethQueue _queue;
    private readonly NapiInstance _napi;
    private readonly GroEngine _gro;
    private readonly EmulatedCpu _home;
    private readonly HostSettingsView _settings;
    private Delivery _pending;
    private RpsFlowRef _flow; // of what is pending for a backlog
    private IActorRef _softirq = ActorRefs.Nobody;
    private HostCpu _cpu = null!; // who polls
    private bool _polling;
    private bool _completed;
    private bool _goesUp; // a list is being handed to the stack
    private bool _flushed; // the poll has found its last packet
    private bool _held;

    public VethQueueActor(VethDevice device, VethQueue queue, EmulatedCpu home, HostSettingsView settings)
    {
        (_device, _queue, _home, _settings) = (device, queue, home, settings);
        (_napi, _gro) = (queue.Napi, queue.Napi.Gro!);
    }

    /// <summary>Runs on whichever CPU polls the ring.</summary>
    public static Props Props(VethDevice device, VethQueue queue, EmulatedCpu home, HostSettingsView settings) =>
        Akka.Actor.Props.Create(() => new VethQueueActor(device, queue, home, settings)).WithDispatcher("caller-cpu");

    protected override void PreStart()
    {
        _napi.Poller = Self;
        TaskQueues.Home(Context, _home);
    }

    protected override void OnReceive(object message)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        _device.Stack.Enter(cpu);
        switch (message)
        {
            case RxQueueProtocol.Poll:
                _softirq = Sender;
                (_cpu, _polling, _completed, _flushed) = (cpu, true, false, false);
                _napi.Work = 0;
                cpu.Emit(TracePoint.__napi_poll, arg1: _napi.Id, arg2: _napi.Budget);
                cpu.Cpu.Charge(CostOp.NapiPollEntry);
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

    /// <summary>A poll that failed loses the packet in hand, counted, and ends; the ring goes on.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (!_polling) return;
        _cpu.Reclaim(ref _pending, SkbDropReason.ACTOR_FAILED);
        _polling = false;
        _softirq.Tell(_completed ? (object)SoftirqProtocol.Polled.Instance : SoftirqProtocol.PollFailed.Instance, ActorRefs.NoSender);
    }

    protected override void PostStop()
    {
        if (_polling) _cpu.Reclaim(ref _pending, SkbDropReason.HOST_SHUTDOWN);
        _gro.Release(SkbDropReason.HOST_SHUTDOWN);
        _queue.Release(SkbDropReason.HOST_SHUTDOWN);
    }

    private void Poll(HostCpu cpu)
    {
        var time = cpu.Cpu;
        while (!time.MustYield)
        {
            if (_pending.Skb is not null)
            {
                _device.Stack.Commit(cpu, ref _pending, _flow);
            }
            else if (_goesUp)
            {
                if (_gro.TryTakeUp(out var up)) GoUp(cpu, up);
                else _goesUp = false;
            }
            else if (_flushed)
            {
                End(cpu);
                return;
            }
            else if (_napi.Work == _napi.Budget || !_queue.TryConsume(time.Now, out var skb))
            {
                Flush(time.Now);
            }
            else
            {
                cpu.Hand = skb;
                _napi.Work++;
                Take(cpu, skb);
            }
        }

        time.Again(RxQueueProtocol.Continue.Instance);
    }

    private void Take(HostCpu cpu, SkBuff skb)
    {
        cpu.Cpu.Charge(CostOp.BacklogDequeue);
        cpu.Cpu.Charge(CostOp.GroReceive);
        skb.NapiId = _napi.Id;
        if (cpu.Trace is not null) cpu.Emit(TracePoint.napi_gro_receive, skb, _device.IfIndex, skb.Length);
        cpu.Release(skb);
        var isOn = (_device.Features & NicFeatures.Gro) != 0 && !skb.IsCloned; // veth_poll gives what others see to netif_receive_skb
        if (isOn) skb.Orphan(); // gro_list: its sender is not charged for what is part of another
        if (_gro.Receive(skb, isOn, cpu.Cpu.Now) == GroResult.Merged) cpu.Consumed++;
        _goesUp = _gro.IsUpDue(_settings.GroNormalBatch);
    }

    private void GoUp(HostCpu cpu, SkBuff skb)
    {
        cpu.Hand = skb;
        skb.Orphan(); // ip_rcv
        skb.Socket = null;
        _pending = _device.Stack.Input(cpu, _device, skb, ref _flow);
        if (_pending.Skb is not null) cpu.Keep();
    }

    private void Flush(KernelTime now)
    {
        _held = _gro.Held > 0;
        if (_napi.Work == _napi.Budget) _gro.FlushAtWeight(now);
        else _gro.Flush(_napi.FlushTimer(_napi.Work, _held) > KernelTime.Zero, now);
        (_flushed, _goesUp) = (true, true);
    }

    private void End(HostCpu cpu)
    {
        if (_napi.Work < _napi.Budget) Complete(cpu);
        _polling = false;
        _softirq.Tell(SoftirqProtocol.Polled.Instance, ActorRefs.NoSender);
    }

    private void Complete(HostCpu cpu)
    {
        cpu.Cpu.Charge(CostOp.NapiComplete);
        cpu.Emit(TracePoint.napi_complete_done, arg1: _napi.Id, arg2: _napi.Work);
        _completed = true;
        var (completion, timer) = _napi.CompleteDone(_napi.Work, KernelVersion.V6, _held);
        _napi.MarkFreed(cpu);
        if (timer > KernelTime.Zero) _napi.Timer.Start(cpu, timer);
        if (completion == NapiCompletion.PollAgain)
        {
            NapiScheduling.Enlist(cpu, _napi);
            return;
        }

        _queue.Unmask();
        var next = _queue.NextVisible;
        if (next.IsNever || !_queue.TryNotify()) return;
        if (next <= cpu.Cpu.Now) NapiScheduling.Schedule(cpu, _napi, KernelVersion.V6); // came in between
        else _napi.Timer.Start(cpu, next - cpu.Cpu.Now); // from a CPU whose clock is ahead
    }
}
