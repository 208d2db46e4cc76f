using Akka.Actor;

namespace NetActors.Execution;

/// <summary>
/// Makes an actor by a plain call, at its start and again when it restarts. For those that come and go with connections: what Akka makes of
/// <c>Props.Create(() => ...)</c> compiles an expression for each argument of each actor.
/// </summary>
internal abstract class ActorProducer : IIndirectActorProducer
{
    /// <inheritdoc />
    public abstract Type ActorType { get; }

    /// <inheritdoc />
    public abstract ActorBase Produce();

    /// <inheritdoc />
    public void Release(ActorBase actor)
    {
    }
}
