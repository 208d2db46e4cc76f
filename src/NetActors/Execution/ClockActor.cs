using Akka.Actor;
using NetActors.Time;

namespace NetActors.Execution;

/// <summary>What <see cref="ClockActor"/> is told.</summary>
internal static class ClockProtocol
{
    /// <summary>Do <paramref name="Action"/> after <paramref name="Delay"/>, and then every <paramref name="Interval"/> if there is one.</summary>
    public sealed record Plan(TimeSpan Delay, TimeSpan? Interval, Action Action, ICancelable? Cancelable);

    /// <summary>The plan's time has come.</summary>
    public sealed record Due(Plan Plan);

    /// <summary>Create a child from inside the simulation and answer with its reference.</summary>
    public sealed record Create(Props Props, string Name, TaskCompletionSource<IActorRef> Created);

    /// <summary>Run <paramref name="Action"/> in the device context, in the simulation's order.</summary>
    public sealed record Perform(Action Action);
}

/// <summary>The root of a simulation's actors: creates them in order, and keeps what Akka's scheduler was asked for.</summary>
internal sealed class ClockActor(ExecutionLayer layer) : UntypedActor
{
    public static Props Props(ExecutionLayer layer) =>
        Akka.Actor.Props.Create(() => new ClockActor(layer)).WithDispatcher("device");

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClockProtocol.Plan plan:
                At(plan, plan.Delay);
                break;
            case ClockProtocol.Due(var plan):
                if (plan.Cancelable is { IsCancellationRequested: true }) break;
                plan.Action();
                if (plan.Interval is { } interval) At(plan, interval);
                break;
            case ClockProtocol.Create create:
                create.Created.SetResult(Context.ActorOf(create.Props, create.Name));
                break;
            case ClockProtocol.Perform(var action):
                action();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A host or device that fails is stopped; the others of the simulation go on.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        layer.Failures.Add(Sender, failure);
        return Directive.Stop;
    });

    private void At(ClockProtocol.Plan plan, TimeSpan delay) =>
        layer.TellAt(Self, new ClockProtocol.Due(plan), layer.Now + KernelTime.FromTimeSpan(delay));
}
