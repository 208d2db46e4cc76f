using Akka.Actor;

namespace NetActors.Execution;

/// <summary>A message on its way to an actor: from when it exists, and its place among those of the same time.</summary>
internal struct RunEntry
{
    /// <summary>Virtual time from which the message exists, in nanoseconds.</summary>
    public long Time;

    /// <summary>Order of sending in the whole simulation: breaks ties.</summary>
    public long Sequence;

    /// <summary>The actor it is for.</summary>
    public ActorQueue Queue;

    /// <summary>The message; null when only Akka's own system messages wait in the actor's mailbox.</summary>
    public object? Message;

    /// <summary>Another CPU left it to the one that holds the actor.</summary>
    public bool IsLeft;

    /// <summary>Who sent it.</summary>
    public IActorRef? Sender;

    /// <summary>The total order of the simulation.</summary>
    public readonly bool IsBefore(in RunEntry other) => Time < other.Time || (Time == other.Time && Sequence < other.Sequence);
}
