using System.Collections.Concurrent;
using Akka.Actor;

namespace NetActors.Execution;

/// <summary>What failed inside a simulation and was restarted or closed: bugs of ours, which a user has to see beside the results.</summary>
internal sealed class FailureLog
{
    private const int Limit = 1000; // an actor that fails for every packet must not fill the memory
    private readonly ConcurrentQueue<string> _failures = new();
    private long _count;

    /// <summary>Failures so far, the forgotten ones included.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The first failures, in order.</summary>
    public IReadOnlyList<string> First => [.. _failures];

    /// <summary>Notes that <paramref name="actor"/> failed; called by its supervisor.</summary>
    public void Add(IActorRef actor, Exception failure)
    {
        if (Interlocked.Increment(ref _count) > Limit) return;
        var cause = failure is ActorInitializationException { InnerException: { } inner } ? inner : failure;
        _failures.Enqueue($"{string.Join('/', actor.Path.Elements.Skip(2))}: {cause.GetType().Name}: {cause.Message}"); // without user/sim
    }
}
