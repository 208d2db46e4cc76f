using Akka.Actor;
using NetActors.Execution;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// The hardware of one NIC: fires its vectors when moderation says so. In virtual time it looks only when an interrupt can be due; in real
/// time it also moves the frames that arrive, since no CPU may do that for it.
/// </summary>
internal sealed class NicActor : UntypedActor
{
    private readonly NicDevice _device;
    private readonly ExecutionLayer _layer;
    private readonly IFrameSource _source;
    private readonly WireModel? _incoming;
    private readonly DeviceTimer _timer;

    public NicActor(NicDevice device, ExecutionLayer layer, IFrameSource source, WireModel? incoming)
    {
        (_device, _layer, _source, _incoming) = (device, layer, source, incoming);
        _timer = new DeviceTimer(layer, Self, NicProtocol.Look.Instance);
        device.Nic = Self;
    }

    public static Props Props(NicDevice device, ExecutionLayer layer, IFrameSource source, WireModel? incoming) =>
        Akka.Actor.Props.Create(() => new NicActor(device, layer, source, incoming)).WithDispatcher("device");

    protected override void PreStart() => Self.Tell(NicProtocol.Arrivals.Instance, ActorRefs.NoSender);

    protected override void OnReceive(object message)
    {
        var now = _layer.Now;
        switch (message)
        {
            case NicProtocol.Look:
                if (!_timer.IsDue(now)) return;
                _device.Receive.AdvanceTo(now);
                break;
            case NicProtocol.Arrivals:
                break;
            case NicProtocol.ArfsWork(var rule):
                _device.DoArfsWork(rule, _layer, now);
                break;
            case NicProtocol.ArfsScan:
                _device.DoArfsWork(null, _layer, now);
                break;
            case NicProtocol.Unmask(var queue):
                _device.Receive.Unmask(queue, now, _device.TxQueues[queue].Progress);
                if (_device.Receive.Queue(queue).Moderation.TakeDimWork()) _layer.TellAt(Self, _device.DimWorks[queue], now + _device.Receive.Model.DimDelay);
                break;
            case NicProtocol.Sent(var queue):
                _device.Receive.Queue(queue).Moderation.OnTransmitted(now, _device.TxQueues[queue].Done);
                break;
            case NicProtocol.DimWork(var queue):
                _device.Receive.AdvanceTo(now); // what has come by now is judged by the old values
                _device.Receive.Queue(queue).Moderation.DoDimWork();
                break;
            default:
                Unhandled(message);
                return;
        }

        Raise(now);
        Pause(now);
        Rearm(now);
    }

    protected override void PostStop()
    {
        if (_layer.IsVirtual) _device.Shutdown(); // else its rings are still in the hands of CPUs: what they leave is freed at the end
    }

    private void Raise(KernelTime now)
    {
        for (var queue = 0; queue < _device.Receive.Channels; queue++)
        {
            var moderation = _device.Receive.Queue(queue).Moderation;
            if (moderation.IsMasked || moderation.Deadline > now || !_device.Receive.TryRaise(queue, now)) continue;
            var irq = _device.Irqs[queue];
            irq.Effective.CpuActor.Tell(irq.Message, ActorRefs.NoSender);
        }
    }

    private void Pause(KernelTime now)
    {
        if (_incoming is null || _device.Receive.PauseRequested == _incoming.IsPaused) return;
        if (_device.Receive.PauseRequested) _incoming.OnPause(now + _incoming.Settings.PropagationDelay);
        else _incoming.OnResume(now + _incoming.Settings.PropagationDelay);
    }

    private void Rearm(KernelTime now)
    {
        var next = _device.Receive.NextInterrupt(now).At;
        if (!_layer.IsVirtual) next = KernelTime.Min(next, KernelTime.Min(_source.NextArrival, _device.Receive.NextInFlight));
        _timer.Arm(KernelTime.Max(next, now));
    }
}
