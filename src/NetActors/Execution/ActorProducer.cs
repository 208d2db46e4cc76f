using Akka.Actor;

namespace NetActors.Execution;

/// <summary>
/// Makes actors by a plain call. For those that come and go with connections: what Akka makes of <c>Props.Create(() => ...)</c> compiles an
/// expression for each argument of each actor.
/// </summary>
internal sealed class ActorProducer<T>(Func<T> make) : IIndirectActorProducer
    where T : ActorBase
{
    /// <inheritdoc />
    public Type ActorType => typeof(T);

    /// <summary>Props of an actor that <paramref name="make"/> makes, at its start and again when it restarts.</summary>
    public static Props Of(Func<T> make) => Props.CreateBy(new ActorProducer<T>(make));

    /// <inheritdoc />
    public ActorBase Produce() => make();

    /// <inheritdoc />
    public void Release(ActorBase actor)
    {
    }
}
