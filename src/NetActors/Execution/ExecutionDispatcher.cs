using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace NetActors.Execution;

/// <summary>Hands the simulation's execution layer to the dispatchers of its actor system.</summary>
internal sealed class ExecutionSetup(ExecutionLayer layer) : Akka.Actor.Setup.Setup
{
    public ExecutionLayer Layer { get; } = layer;
}

/// <summary>Makes the one dispatcher of an id: <c>cpu-N</c>, <c>caller-cpu</c> or <c>device</c>.</summary>
public sealed class ExecutionDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly ExecutionDispatcher _dispatcher;

    /// <summary>Called by Akka by reflection.</summary>
    public ExecutionDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        var setup = prerequisites.Settings.Setup.Get<ExecutionSetup>();
        if (!setup.HasValue) throw new ConfigurationException("NetActors' dispatchers need the actor system of a simulation");
        _dispatcher = new ExecutionDispatcher(this, setup.Value.Layer, config.GetString("place", "device"), config.GetInt("cpu", -1));
    }

    /// <inheritdoc />
    public override MessageDispatcher Dispatcher() => _dispatcher;
}

/// <summary>Puts each message into the run queue of the node where it is to be handled, stamped with the sender's clock.</summary>
internal sealed class ExecutionDispatcher : MessageDispatcher
{
    private readonly ExecutionLayer _layer;
    private readonly bool _callerCpu;
    private readonly int _cpu;

    public ExecutionDispatcher(MessageDispatcherConfigurator configurator, ExecutionLayer layer, string place, int cpu)
        : base(configurator)
    {
        (_layer, _callerCpu, _cpu) = (layer, place == "caller-cpu", cpu);
        Throughput = 1;
        Id = place;
    }

    /// <inheritdoc />
    public override void Dispatch(ActorCell cell, Envelope envelope)
    {
        var mailbox = cell.Mailbox;
        if (mailbox?.MessageQueue is ActorQueue queue)
        {
            queue.Attach(mailbox, cell);
            Post(queue, envelope.Message, envelope.Sender);
        }
        else
        {
            base.Dispatch(cell, envelope); // the actor is gone: dead letters
        }
    }

    /// <inheritdoc />
    protected override void ExecuteTask(IRunnable run)
    {
        if (run is not Mailbox { MessageQueue: ActorQueue queue } mailbox) return;
        queue.Expect(mailbox);
        while (queue.TryTakeHeld(out var held)) Post(queue, held.Message, held.Sender);
        Post(queue, null, null);
    }

    /// <inheritdoc />
    protected override void Shutdown()
    {
    }

    private void Post(ActorQueue queue, object? message, IActorRef? sender)
    {
        queue.IsCallerCpu = _callerCpu;
        var current = _layer.CurrentNode;
        if (_callerCpu)
        {
            if (current is EmulatedCpu cpu) _layer.Post(current, cpu, cpu.Context, queue, message, sender);
            else _layer.Post(current, queue.Home ?? _layer.Cpus[0], CpuContext.Softirq, queue, message, sender);
        }
        else if (_cpu >= 0)
        {
            _layer.Post(current, queue.Entity?.Cpu ?? _layer.Cpus[_cpu], queue.Context, queue, message, sender);
        }
        else
        {
            _layer.Post(current, _layer.Device, CpuContext.Device, queue, message, sender);
        }
    }
}
