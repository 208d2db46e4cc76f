using Akka.Actor;

namespace NetActors.Execution;

/// <summary>Ties an actor to the task whose messages it handles.</summary>
internal static class TaskQueues
{
    /// <summary>From now on messages to the actor of <paramref name="context"/> wait until <paramref name="task"/> has its CPU.</summary>
    public static void Bind(IActorContext context, TaskEntity task) => Queue(context).Entity = task;

    /// <summary>Messages from outside any CPU are handled on <paramref name="home"/>.</summary>
    public static void Home(IActorContext context, EmulatedCpu home) => Queue(context).Home = home;

    /// <summary>
    /// What a CPU sends to the actor of <paramref name="context"/> is handled there and nowhere else, if need be a moment later: for work
    /// that has an owner, of whom the one before may be on his way out.
    /// </summary>
    public static void StayWithCaller(IActorContext context) => Queue(context).StaysWithCaller = true;

    /// <summary>
    /// The current task sleeps inside a call on the actor of <paramref name="context"/>: when it has its CPU again, that actor gets
    /// <paramref name="call"/> once more.
    /// </summary>
    public static void Sleep(IActorContext context, object call, CpuScheduler scheduler) => scheduler.BlockCurrent(Queue(context), call);

    private static ActorQueue Queue(IActorContext context) =>
        (ActorQueue)((ActorCell)context).Mailbox!.MessageQueue;
}
