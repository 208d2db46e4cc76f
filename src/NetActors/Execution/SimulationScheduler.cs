using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace NetActors.Execution;

/// <summary>
/// Akka's scheduler over the simulation's clock: what is scheduled stands in the devices' queue, in the one order. Protocol timers do
/// not come here (they are entries of a <c>TimerWheel</c>); restarts with a delay and users' own actors do.
/// </summary>
public sealed class SimulationScheduler(Config scheduler, ILoggingAdapter log) : SchedulerBase(scheduler, log)
{
    private ExecutionLayer? _layer;
    private IActorRef? _clock;

    /// <inheritdoc />
    public override TimeSpan MonotonicClock => TimeSpan.FromTicks((_layer?.Now.Nanoseconds ?? 0) / 100);

    /// <inheritdoc />
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc />
    protected override DateTimeOffset TimeNow => DateTimeOffset.UnixEpoch + MonotonicClock;

    /// <summary>Sets the clock and the actor of the device context through which everything scheduled goes.</summary>
    internal void Attach(ExecutionLayer layer, IActorRef clock) => (_layer, _clock) = (layer, clock);

    /// <inheritdoc />
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Plan(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc />
    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Plan(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc />
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Plan(delay, null, action, cancelable);

    /// <inheritdoc />
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Plan(delay, null, action.Run, cancelable);

    /// <inheritdoc />
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Plan(initialDelay, interval, action, cancelable);

    /// <inheritdoc />
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Plan(initialDelay, interval, action.Run, cancelable);

    private void Plan(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable) =>
        (_clock ?? throw new InvalidOperationException("no simulation yet")).Tell(new ClockProtocol.Plan(delay, interval, action, cancelable), ActorRefs.NoSender);
}
