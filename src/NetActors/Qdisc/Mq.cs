using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// A holder of one qdisc for each transmit queue (kernel: net/sched/sch_mq.c). Packets go to the queues' own qdiscs; what is given to it
/// nonetheless is dropped.
/// </summary>
public class Mq : QdiscBase
{
    private readonly QdiscBase[] _queues;

    /// <summary>Over the given qdiscs, one for each transmit queue.</summary>
    public Mq(QdiscContext context, QdiscBase[] queues)
        : base(context)
    {
        _queues = queues;
        Flags = QdiscFlags.MqRoot;
        for (var i = 0; i < _queues.Length; i++)
        {
            Adopt(_queues[i], (uint)(i + 1));
            _queues[i].Flags |= QdiscFlags.OneTxQueue;
        }
    }

    /// <inheritdoc />
    public override string Kind => "mq";

    /// <summary>The qdisc of each transmit queue.</summary>
    public IReadOnlyList<QdiscBase> Queues => _queues;

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now) => Drop(skb);

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now) => null;

    /// <summary>The sum of all queues (kernel: <c>mq_dump</c>).</summary>
    public override QdiscStats Summary
    {
        get
        {
            var sum = new QdiscStats();
            sum.Add(Stats);
            foreach (var queue in _queues) sum.Add(queue.Summary);
            return sum;
        }
    }

    /// <inheritdoc />
    internal override IEnumerable<TcClass> Classes => _queues.Select((q, i) => new TcClass(Handle | (uint)(i + 1), TcHandle.Root, q, q.Summary));

    /// <inheritdoc />
    internal override QdiscBase? Graft(uint classId, QdiscBase child)
    {
        var queue = (int)TcHandle.Minor(classId) - 1;
        if (queue < 0 || queue >= _queues.Length) return null;
        var old = _queues[queue];
        old.Reset();
        (_queues[queue], old.Parent) = (Adopt(child, Handle | (uint)(queue + 1)), null);
        child.Flags |= QdiscFlags.OneTxQueue;
        return old;
    }

    /// <inheritdoc />
    protected internal override void OnHandle()
    {
        for (var i = 0; i < _queues.Length; i++) Adopt(_queues[i], Handle | (uint)(i + 1));
    }

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        foreach (var queue in _queues) queue.Reset(reason);
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        if (words.HasNext) words.Unknown(words.Next());
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
    }
}
