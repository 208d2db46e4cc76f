using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace NetActors.Execution;

/// <summary>
/// The actor system of one simulation: the dispatchers <c>cpu-N</c>, <c>caller-cpu</c> and <c>device</c> over one execution layer. Several
/// may live in one process; nothing is shared between them.
/// </summary>
public sealed class SimulationSystem : IDisposable
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(30);
    private readonly IActorRef _root;
    private bool _disposed;

    /// <summary>Starts an actor system over <paramref name="layer"/>, whose CPUs must have been added.</summary>
    /// <param name="layer">The CPUs, devices and clock.</param>
    /// <param name="name">Name of the actor system.</param>
    /// <param name="more">Further HOCON for Akka, for instance a logger; null for none.</param>
    public SimulationSystem(ExecutionLayer layer, string name = "netactors", string? more = null)
    {
        Layer = layer;
        var config = ConfigurationFactory.ParseString(Hocon(layer.Cpus.Count));
        if (more is not null) config = ConfigurationFactory.ParseString(more).WithFallback(config);
        System = ActorSystem.Create(name, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), new ExecutionSetup(layer)));
        _root = System.ActorOf(ClockActor.Props(layer), "sim");
        ((SimulationScheduler)System.Scheduler).Attach(layer, _root);
        Perform(static () => { });
    }

    /// <summary>Akka's actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>The CPUs, devices and clock.</summary>
    public ExecutionLayer Layer { get; }

    /// <summary>Creates an actor below the simulation's root, in the simulation's order, before it goes on.</summary>
    public IActorRef Create(Props props, string name)
    {
        var created = new TaskCompletionSource<IActorRef>();
        _root.Tell(new ClockProtocol.Create(props, name, created), ActorRefs.NoSender);
        PumpUntil(created.Task);
        return created.Task.Result;
    }

    /// <summary>Runs <paramref name="action"/> in the device context and waits for it: how control from outside enters in order.</summary>
    public void Perform(Action action)
    {
        var done = new TaskCompletionSource();
        _root.Tell(
            new ClockProtocol.Perform(() =>
            {
                try
                {
                    action();
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            }),
            ActorRefs.NoSender);
        PumpUntil(done.Task);
        done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Asks an actor from outside and keeps the clock going until it has answered.</summary>
    internal T Request<T>(IActorRef actor, Func<TaskCompletionSource<T>, object> question)
    {
        var answered = new TaskCompletionSource<T>();
        actor.Tell(question(answered), ActorRefs.NoSender);
        PumpUntil(answered.Task);
        return answered.Task.GetAwaiter().GetResult();
    }

    /// <summary>Stops every actor, keeping the clock going meanwhile; afterwards no thread and no actor is left.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        PumpUntil(System.Terminate(), down: true);
        Layer.Dispose();
        System.Dispose();
    }

    private static string Hocon(int cpus)
    {
        var text = new StringBuilder("""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              loggers = []
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              scheduler.implementation = "NetActors.Execution.SimulationScheduler, NetActors"
              coordinated-shutdown { run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off, terminate-actor-system = off }
            }
            hardirq { mailbox-type = "NetActors.Execution.HardIrqMailbox, NetActors" }
            softirq { mailbox-type = "NetActors.Execution.SoftirqMailbox, NetActors" }
            task { mailbox-type = "NetActors.Execution.TaskMailbox, NetActors" }

            """);
        Dispatcher(text, "device", "device", -1);
        Dispatcher(text, "caller-cpu", "caller-cpu", -1);
        for (var i = 0; i < cpus; i++) Dispatcher(text, $"cpu-{i}", "cpu", i);
        return text.ToString();
    }

    private static void Dispatcher(StringBuilder text, string id, string place, int cpu) =>
        text.Append(id).Append(" { type = \"NetActors.Execution.ExecutionDispatcherConfigurator, NetActors\", place = ").Append(place)
            .Append(", cpu = ").Append(cpu).Append(", mailbox-type = \"NetActors.Execution.TaskMailbox, NetActors\" }\n");

    private void PumpUntil(Task task, bool down = false)
    {
        var waits = 0;
        while (!task.IsCompleted)
        {
            if (down) Layer.PumpDown(TimeSpan.FromMilliseconds(1));
            else Layer.Pump(TimeSpan.FromMilliseconds(1));
            if (++waits > BootLimit.TotalMilliseconds) throw new TimeoutException("the actor system did not answer");
        }
    }
}
