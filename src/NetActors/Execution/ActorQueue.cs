using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace NetActors.Execution;

/// <summary>
/// What stands in an actor's Akka mailbox in place of a queue: the messages wait in the run queues of the CPUs, in the simulation's
/// one order, and pass through here one at a time, so that Akka's suspending, restarting and stopping work as everywhere.
/// </summary>
internal sealed class ActorQueue : IMessageQueue
{
    private readonly Action _invoke;
    private RunEntry _current;
    private bool _hasCurrent;
    private volatile bool _open; // Akka has nothing of its own to do first, as far as anybody told
    private ActorCell? _cell;
    private Queue<RunEntry>? _held; // while the actor is suspended
    private OwnedBacklog<RunEntry>? _owned;

    public ActorQueue(CpuContext context) => (Context, _invoke) = (context, Invoke);

    /// <summary>In what context messages are handled, where the dispatcher does not say it.</summary>
    public CpuContext Context { get; }

    /// <summary>The mailbox this queue stands in; known from the first message on.</summary>
    public Mailbox? Mailbox { get; private set; }

    /// <summary>True for actors that run on whichever CPU sent them the message.</summary>
    public bool IsCallerCpu { get; set; }

    /// <summary>Who finds the actor busy waits for it, softirqs too: nothing is left to the CPU that has it.</summary>
    public bool StaysWithCaller { get; set; }

    /// <summary>The node that handles what comes from outside any CPU.</summary>
    public ExecutionNode? Home { get; set; }

    /// <summary>The task that is the actor's own, for <c>AppTask</c> and <c>Ksoftirqd</c>.</summary>
    public TaskEntity? Entity { get; set; }

    /// <summary>The CPU that handled the last message of a <c>caller-cpu</c> actor.</summary>
    public EmulatedCpu? Holder { get; set; }

    /// <summary>Local time at which that handler ended: until then others leave their messages to the holder.</summary>
    public long BusyUntil { get; set; }

    /// <summary>Virtual time: messages left to the holder that it has not handled; the actor stays its own until it has.</summary>
    public int LeftBehind { get; set; }

    /// <summary>Real time: which CPU runs the actor, and what came meanwhile.</summary>
    public OwnedBacklog<RunEntry> Owned => _owned ?? Interlocked.CompareExchange(ref _owned, new OwnedBacklog<RunEntry>(), null) ?? _owned;

    /// <inheritdoc />
    public bool HasMessages => _hasCurrent || _held is { Count: > 0 };

    /// <inheritdoc />
    public int Count => (_hasCurrent ? 1 : 0) + (_held?.Count ?? 0);

    /// <summary>True once the actor is gone.</summary>
    public bool IsClosed { get; private set; }

    /// <inheritdoc />
    public void Enqueue(IActorRef receiver, Envelope envelope) =>
        throw new InvalidOperationException("messages reach an actor of the stack through its dispatcher");

    /// <inheritdoc />
    public bool TryDequeue(out Envelope envelope)
    {
        if (!_hasCurrent)
        {
            envelope = default;
            return false;
        }

        _hasCurrent = false;
        envelope = new Envelope(_current.Message!, _current.Sender!);
        return true;
    }

    /// <inheritdoc />
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        IsClosed = true;
        _open = false;
        if (_hasCurrent) Bury(_current, owner, deadletters);
        _hasCurrent = false;
        while (_held is not null && _held.TryDequeue(out var entry)) Bury(entry, owner, deadletters);
    }

    /// <summary>The actor gets a message; its mailbox and cell are known from then on.</summary>
    public void Attach(Mailbox mailbox, ActorCell cell)
    {
        if (ReferenceEquals(_cell, cell)) return;
        (Mailbox, _cell) = (mailbox, cell);
    }

    /// <summary>Akka has system messages for the actor, which come before all others.</summary>
    public void Expect(Mailbox mailbox)
    {
        Mailbox ??= mailbox;
        _open = false;
    }

    /// <summary>
    /// Handles <paramref name="entry"/>. Akka's mailbox, which costs as much as all else of a hop, is gone through only when it may have
    /// a say: system messages wait, or the actor failed, is suspended or was not seen to be open.
    /// </summary>
    public void Run(in RunEntry entry)
    {
        _current = entry;
        if (_open && entry.Message is not null)
        {
            _cell!.UseThreadContext(_invoke);
            return;
        }

        _open = _cell is not null; // before the mailbox looks, since a system message may come at any moment
        _hasCurrent = entry.Message is not null;
        Mailbox!.Run();
        if (entry.Message is null) _open = false; // what Akka did for itself may have suspended the actor
        if (_cell?.CurrentMessage is not null) _open = false; // the handler threw
        if (!_hasCurrent) return;
        _open = _hasCurrent = false;
        if (!IsClosed) (_held ??= new Queue<RunEntry>()).Enqueue(entry); // suspended: Resume posts it again
    }

    /// <summary>Takes a message that waited while the actor was suspended.</summary>
    public bool TryTakeHeld(out RunEntry entry)
    {
        entry = default;
        return _held is not null && _held.TryDequeue(out entry);
    }

    private void Invoke()
    {
        var message = _current.Message!;
        _cell!.Invoke(new Envelope(message, _current.Sender!));
        if (_cell.CurrentMessage is not null) _open = false; // it threw: Akka has suspended the actor
    }

    private static void Bury(in RunEntry entry, IActorRef owner, IMessageQueue deadletters)
    {
        if (entry.Message is not null) deadletters.Enqueue(owner, new Envelope(entry.Message, entry.Sender!));
    }
}
