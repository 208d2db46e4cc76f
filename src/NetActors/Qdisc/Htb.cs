using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// A tree of classes with a rate of their own and a ceiling up to which they borrow what others leave (kernel: net/sched/sch_htb.c).
/// </summary>
public sealed partial class Htb : QdiscBase
{
    private const long Second = 1_000_000_000;
    private readonly SortedDictionary<uint, HtbClass> _classes = [];
    private readonly HtbFeed[,] _rows = new HtbFeed[HtbClass.MaxDepth, HtbClass.Priorities];
    private readonly uint[] _rowMask = new uint[HtbClass.MaxDepth];
    private readonly TimedHeap<HtbClass>[] _events = new TimedHeap<HtbClass>[HtbClass.MaxDepth];
    private readonly HtbFeed[] _path = new HtbFeed[HtbClass.MaxDepth + 1];
    private readonly long[] _nearEvent = new long[HtbClass.MaxDepth];
    private SkbList _direct;
    private int _directLimit;
    private long _directPackets;
    private uint _default;
    private int _rate2Quantum = 10;
    private long _now;

    /// <summary>At a device, without classes: all packets go directly.</summary>
    public Htb(QdiscContext context)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _directLimit = Math.Max(2, context.TxQueueLength);
        for (var level = 0; level < HtbClass.MaxDepth; level++)
        {
            _events[level] = new TimedHeap<HtbClass>();
            for (var prio = 0; prio < HtbClass.Priorities; prio++) _rows[level, prio] = new HtbFeed();
        }
    }

    /// <inheritdoc />
    public override string Kind => "htb";

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var length = skb.Cb.PacketLength;
        var cl = Classify(skb, out var verdict);
        if (verdict == TcVerdict.Stolen) return NetXmit.Success | NetXmit.Stolen;
        if (verdict == TcVerdict.Shot)
        {
            Drop(skb);
            return NetXmit.Success | NetXmit.Bypass;
        }

        if (cl is null)
        {
            if (_direct.Count >= _directLimit) return Drop(skb);
            _direct.Append(skb);
            _directPackets++;
        }
        else
        {
            var result = cl.Leaf!.Enqueue(skb, now);
            if (result != NetXmit.Success)
            {
                if (result.CountsAsDrop())
                {
                    Stats.Drops++;
                    cl.Stats.Drops++;
                }

                return result;
            }

            Activate(cl);
        }

        Stats.Backlog += length;
        Stats.Qlen++;
        return NetXmit.Success;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        if (_direct.Take() is { } direct)
        {
            CountOut(direct);
            return direct;
        }

        if (Stats.Qlen == 0) return null;
        _now = now.Nanoseconds;
        var next = _now + (5 * Second);
        for (var level = 0; level < HtbClass.MaxDepth; level++)
        {
            if (_now >= _nearEvent[level]) _nearEvent[level] = DoEvents(level);
            next = Math.Min(next, _nearEvent[level]);
            for (var prio = 0; prio < HtbClass.Priorities; prio++)
            {
                if ((_rowMask[level] & (1u << prio)) == 0 || TakeFromTree(level, prio, now) is not { } skb) continue;
                CountOut(skb);
                return skb;
            }
        }

        Context.Schedule(new KernelTime(next));
        return null;
    }

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        Purge(ref _direct, reason);
        foreach (var cl in _classes.Values)
        {
            cl.Leaf?.Reset(reason);
            (cl.ActivePriorities, cl.Mode, cl.IsWaiting) = (0, HtbMode.CanSend, false);
            foreach (var feed in cl.Feeds) feed.Clear();
        }

        foreach (var row in _rows) row.Clear();
        foreach (var events in _events)
        {
            while (events.Take() is not null)
            {
            }
        }

        Array.Clear(_rowMask);
        Array.Clear(_nearEvent);
    }

    /// <summary>The leaf of a packet; null for none, when it goes directly unless a filter says otherwise (kernel: <c>htb_classify</c>).</summary>
    private HtbClass? Classify(SkBuff skb, out TcVerdict verdict)
    {
        verdict = TcVerdict.Ok;
        if (skb.Priority == Handle && Handle != 0) return null;
        var filters = Filters;
        if (skb.Priority != 0 && _classes.TryGetValue(skb.Priority, out var chosen))
        {
            if (chosen.Level == 0) return chosen;
            filters = chosen.Filters;
        }

        for (var depth = 0; filters is not null && depth <= HtbClass.MaxDepth; depth++)
        {
            var result = filters.Classify(skb, Context, out var classId);
            if (result == TcVerdict.Unspec) break;
            if (result is TcVerdict.Shot or TcVerdict.Stolen)
            {
                verdict = result;
                return null;
            }

            if (classId == Handle) return null;
            if (!_classes.TryGetValue(TcHandle.Major(classId) == 0 ? Handle | classId : classId, out var found)) break;
            if (found.Level == 0) return found;
            filters = found.Filters;
        }

        return _classes.TryGetValue(Handle | _default, out var fallback) && fallback.Level == 0 ? fallback : null;
    }

    /// <summary>The next packet of a level's row (kernel: <c>htb_dequeue_tree</c>).</summary>
    private SkBuff? TakeFromTree(int level, int prio, KernelTime now)
    {
        var row = _rows[level, prio];
        var start = LookupLeaf(row, prio);
        var cl = start;
        while (cl is not null)
        {
            if (cl.Leaf!.Length == 0) // its qdisc dropped what it had
            {
                Deactivate(cl);
                if ((_rowMask[level] & (1u << prio)) == 0) return null;
                var other = LookupLeaf(row, prio);
                if (ReferenceEquals(cl, start)) start = other;
                cl = other;
                continue;
            }

            if (cl.Leaf.Dequeue(now) is { } skb)
            {
                QdiscBase.CountSent(cl.Stats, skb);
                if ((cl.Deficit[level] -= skb.Cb.PacketLength) < 0)
                {
                    cl.Deficit[level] += cl.Settings.Quantum;
                    TurnOf(cl, level, prio).Advance();
                }

                if (cl.Leaf.Length == 0) Deactivate(cl);
                Charge(cl, level, skb.Cb.PacketLength);
                return skb;
            }

            TurnOf(cl, level, prio).Advance(); // a leaf that waits for a time of its own
            cl = LookupLeaf(row, prio);
            if (ReferenceEquals(cl, start)) return null;
        }

        return null;
    }

    private HtbFeed TurnOf(HtbClass cl, int level, int prio) => level > 0 ? cl.Parent!.Feeds[prio] : _rows[0, prio];

    /// <summary>The leaf whose turn it is below a row, through the feeds of inner classes (kernel: <c>htb_lookup_leaf</c>).</summary>
    private HtbClass? LookupLeaf(HtbFeed row, int prio)
    {
        if (row.Count == 0) return null;
        var depth = 0;
        _path[0] = row;
        for (var i = 0; i < 65535; i++)
        {
            var feed = _path[depth];
            feed.Recover();
            if (feed.Current is not { } cl)
            {
                feed.Rewind();
                if (depth == 0) continue;
                _path[--depth].Advance();
                if (feed.Count == 0 && depth == 0 && row.Count == 0) return null;
            }
            else if (cl.Level == 0)
            {
                return cl;
            }
            else
            {
                _path[++depth] = cl.Feeds[prio];
            }
        }

        return null;
    }
}
