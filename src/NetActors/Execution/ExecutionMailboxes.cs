using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace NetActors.Execution;

/// <summary>Mailbox of an actor whose messages are handled in the task context, and of all that does not say otherwise.</summary>
public class TaskMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<IMessageQueue>
{
    /// <inheritdoc />
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new ActorQueue(CpuContext.Task);
}

/// <summary>Mailbox of an actor whose messages are softirq work.</summary>
public sealed class SoftirqMailbox(Settings settings, Config config) : TaskMailbox(settings, config)
{
    /// <inheritdoc />
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new ActorQueue(CpuContext.Softirq);
}

/// <summary>Mailbox of an actor whose messages are hard interrupts.</summary>
public sealed class HardIrqMailbox(Settings settings, Config config) : TaskMailbox(settings, config)
{
    /// <inheritdoc />
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new ActorQueue(CpuContext.HardIrq);
}
