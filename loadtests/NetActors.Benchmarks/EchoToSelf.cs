using Akka.Actor;

namespace NetActors.Benchmarks;

/// <summary>Tells itself, or the one who told it, until so many messages have been handled; then says that it is done.</summary>
internal sealed class EchoToSelf : UntypedActor
{
    public static readonly object Message = new();
    private static int _left;

    /// <summary>Set when the last message was handled: for whoever waits on another thread.</summary>
    public static ManualResetEventSlim Done { get; } = new(false);

    /// <summary>Before the first message.</summary>
    public static void Begin(int messages)
    {
        Done.Reset();
        Volatile.Write(ref _left, messages);
    }

    protected override void OnReceive(object message)
    {
        if (--_left > 0) (Sender.IsNobody() ? Self : Sender).Tell(message, Sender.IsNobody() ? ActorRefs.NoSender : Self);
        else Done.Set();
    }
}
