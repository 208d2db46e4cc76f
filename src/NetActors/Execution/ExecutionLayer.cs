using System.Collections.Concurrent;
using Akka.Actor;
using NetActors.Costs;
using NetActors.Time;

namespace NetActors.Execution;

/// <summary>
/// One simulation's CPUs, devices and clock (design section 2). The same actors run over it in virtual time, where
/// <see cref="VirtualDriver"/> takes the earliest message of all, and in real time, where every CPU is a thread.
/// </summary>
public abstract class ExecutionLayer : IDisposable
{
    [ThreadStatic]
    private static ExecutionNode? t_node; // which node this thread is running: not shared, so not a global

    private readonly ConcurrentQueue<Parcel> _inbox = new();
    private readonly List<EmulatedCpu> _cpus = [];
    private long _sequence;

    private protected ExecutionLayer(ExecutionSettings settings)
    {
        Settings = settings;
        Device = new DeviceContext(this);
    }

    /// <summary>What the layer was built with.</summary>
    public ExecutionSettings Settings { get; }

    /// <summary>All emulated CPUs of the simulation, of all hosts.</summary>
    public IReadOnlyList<EmulatedCpu> Cpus => _cpus;

    /// <summary>True when time passes only by charging and by due timers.</summary>
    public abstract bool IsVirtual { get; }

    /// <summary>What failed and was restarted or closed.</summary>
    internal FailureLog Failures { get; } = new();

    /// <summary>The devices' node.</summary>
    internal DeviceContext Device { get; }

    /// <summary>The node whose message this thread is handling, if it is one of this simulation.</summary>
    internal ExecutionNode? CurrentNode
    {
        get
        {
            var node = t_node;
            return node is not null && ReferenceEquals(node.Layer, this) ? node : null;
        }
    }

    /// <summary>The local time of the node that runs on this thread; outside, the time the simulation has reached.</summary>
    public KernelTime Now => new(CurrentNode?.NowNanoseconds ?? GlobalNow);

    /// <summary>The time up to which the simulation has come, in nanoseconds.</summary>
    internal abstract long GlobalNow { get; }

    /// <summary>True when messages from foreign threads wait.</summary>
    private protected bool HasInbox => !_inbox.IsEmpty;

    internal static ExecutionNode? ThreadNode
    {
        get => t_node;
        set => t_node = value;
    }

    /// <summary>The machine's monotonic clock since the simulation began, in nanoseconds; only in real time.</summary>
    internal abstract long RealNow();

    /// <summary>Something may come before what <paramref name="cpu"/> does next: where its loops over packets have to look up.</summary>
    /// <param name="cpu">The CPU that asks.</param>
    /// <param name="moved">Its clock has moved since it was its turn; otherwise only work of its own can come first.</param>
    internal abstract bool MustYield(EmulatedCpu cpu, bool moved);

    /// <summary>
    /// Until when nothing happens but what <paramref name="cpu"/> does itself, in nanoseconds: what repeats up to then may be done at once.
    /// Virtual time only.
    /// </summary>
    internal virtual long Horizon(EmulatedCpu cpu) => long.MinValue;

    /// <summary>The simulation was asked to run no further than that: who could go on for ever stops there. Virtual time only.</summary>
    internal virtual bool IsBeyond(long now) => false;

    /// <summary>Adds a CPU. Before the simulation starts.</summary>
    /// <param name="host">Name of its host.</param>
    /// <param name="localId">Number on the host.</param>
    /// <param name="topology">How the host's CPUs share caches.</param>
    /// <param name="costs">What operations cost there; null for <see cref="ExecutionSettings.Costs"/>.</param>
    internal EmulatedCpu AddCpu(string host, int localId, CpuTopology topology, CostModel? costs = null)
    {
        var cpu = new EmulatedCpu(this, _cpus.Count, host, localId, topology, costs ?? Settings.Costs);
        _cpus.Add(cpu);
        OnCpuAdded(cpu);
        return cpu;
    }

    /// <summary>Sends <paramref name="message"/> so that it exists from <paramref name="at"/> on.</summary>
    internal void TellAt(IActorRef target, object message, KernelTime at)
    {
        var node = CurrentNode ?? throw new InvalidOperationException("only a running node has a future");
        node.Stamp = at.Nanoseconds;
        target.Tell(message, ActorRefs.NoSender);
        node.Stamp = long.MinValue;
    }

    internal void Post(ExecutionNode? current, ExecutionNode node, CpuContext context, ActorQueue queue, object? message, IActorRef? sender)
    {
        if (current is null)
        {
            _inbox.Enqueue(new Parcel(node, context, queue, message, sender));
            OnInbox();
            return;
        }

        var time = current.NowNanoseconds;
        if (current.Stamp > time) time = current.Stamp;
        Deliver(current, node, context, new RunEntry { Time = time, Sequence = NextSequence(), Queue = queue, Message = message, Sender = sender });
    }

    /// <summary>Leaves a message for a busy actor to the CPU that runs it, behind those left before (kernel: <c>sk_add_backlog</c>).</summary>
    internal void LeaveTo(EmulatedCpu holder, in RunEntry entry, long time)
    {
        var later = entry;
        if (!later.IsLeft) later.Queue.LeftBehind++;
        (later.Time, later.Sequence, later.IsLeft) = (time, NextSequence(), true); // in the order in which they came to it
        Place(holder, CpuContext.Softirq, later); // the task that holds it may sleep by then
    }

    /// <summary>Gives a message to a CPU of the actor's own host.</summary>
    internal void HandOn(EmulatedCpu home, in RunEntry entry) => Place(home, CpuContext.Softirq, entry);

    /// <summary>Lets time begin to pass; in virtual time it passes by itself.</summary>
    internal virtual void StartClock()
    {
    }

    /// <summary>Runs what is due on the way down, when all that is left to do is to stop.</summary>
    internal virtual void PumpDown(TimeSpan wait) => Pump(wait);

    /// <summary>Something of a node changed without a message: works out anew when it is its turn. Virtual time only.</summary>
    internal virtual void Rekey(ExecutionNode node)
    {
    }

    /// <summary>Puts a stamped message into a node's queue.</summary>
    private protected abstract void Deliver(ExecutionNode from, ExecutionNode node, CpuContext context, in RunEntry entry);

    /// <summary>A CPU was added.</summary>
    private protected abstract void OnCpuAdded(EmulatedCpu cpu);

    /// <summary>A foreign thread left a message.</summary>
    private protected abstract void OnInbox();

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Runs whatever is due now, and waits at most <paramref name="wait"/> for something from outside when nothing is: how a simulation
    /// is kept going while Akka starts and stops it.
    /// </summary>
    internal abstract void Pump(TimeSpan wait);

    /// <summary>Looks at the nodes while none of them works. From outside of them, by one caller at a time.</summary>
    internal virtual void WhileStill(Action look) => look();

    /// <summary>Frees what the layer holds of the machine.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>A number that orders what one node sends; in virtual time it orders all that is sent.</summary>
    internal virtual long NextSequence() => ++_sequence;

    /// <summary>Hands what foreign threads left to the nodes.</summary>
    private protected void DrainInbox()
    {
        while (_inbox.TryDequeue(out var parcel))
        {
            Place(parcel.Node, parcel.Context, new RunEntry
            {
                Time = Math.Max(GlobalNow, parcel.Node.NowNanoseconds),
                Sequence = NextSequence(),
                Queue = parcel.Queue,
                Message = parcel.Message,
                Sender = parcel.Sender,
            });
        }
    }

    private protected virtual void Place(ExecutionNode node, CpuContext context, in RunEntry entry)
    {
        if (node is EmulatedCpu cpu) cpu.Add(context, entry);
        else ((DeviceContext)node).Add(entry);
    }

    private readonly record struct Parcel(ExecutionNode Node, CpuContext Context, ActorQueue Queue, object? Message, IActorRef? Sender);
}
