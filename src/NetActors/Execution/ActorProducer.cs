using Akka.Actor;

namespace NetActors.Execution;

/// <summary>
/// Makes actors by a plain call. For those that come and go with connections: what Akka makes of <c>Props.Create(() => ...)</c> compiles an
/// expression for each argument of each actor, and what it makes of <c>WithDispatcher</c> is one more object that each of them keeps.
/// </summary>
internal abstract class ActorProducer : IIndirectActorProducer
{
    private static readonly Deploy s_callerCpu = new Deploy().WithDispatcher("caller-cpu");

    /// <inheritdoc />
    public abstract Type ActorType { get; }

    /// <summary>Props of an actor that it makes, at its start and again when it restarts, and that runs on whichever CPU calls it.</summary>
    public Props Props() => Akka.Actor.Props.CreateBy(this).WithDeploy(s_callerCpu);

    /// <inheritdoc />
    public abstract ActorBase Produce();

    /// <inheritdoc />
    public void Release(ActorBase actor)
    {
    }
}
