using NetActors.Buffers;

namespace NetActors.Qdisc;

/// <summary>The filters of a qdisc, class or hook, asked in order of preference (kernel: <c>tcf_classify</c>, net/sched/cls_api.c).</summary>
internal sealed class TcFilters
{
    private readonly List<TcFilter> _filters = [];

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<TcFilter> All => _filters;

    /// <summary>Adds behind those of the same preference.</summary>
    public void Add(TcFilter filter)
    {
        var at = _filters.Count;
        while (at > 0 && _filters[at - 1].Preference > filter.Preference) at--;
        _filters.Insert(at, filter);
    }

    /// <summary>Takes out those of a preference, or all. False when there were none.</summary>
    public bool Remove(uint? preference) => _filters.RemoveAll(f => preference is null || f.Preference == preference) > 0;

    /// <summary>
    /// Asks the filters. A packet that is stolen is the sink's; else the caller still owns it.
    /// </summary>
    /// <param name="skb">The packet.</param>
    /// <param name="context">Where the qdisc stands.</param>
    /// <param name="classId">The class that was found; 0 for none.</param>
    public TcVerdict Classify(SkBuff skb, QdiscContext context, out uint classId)
    {
        classId = 0;
        foreach (var filter in _filters)
        {
            if (!filter.Matches(skb)) continue;
            var verdict = Execute(filter, skb, context);
            if (verdict == TcVerdict.Unspec) continue;
            classId = filter.ClassId;
            return verdict;
        }

        return TcVerdict.Unspec;
    }

    private static TcVerdict Execute(TcFilter filter, SkBuff skb, QdiscContext context)
    {
        foreach (var action in filter.Actions)
        {
            action.Packets++;
            action.Bytes += skb.Length;
            switch (action.Kind)
            {
                case TcActionKind.Ok: return TcVerdict.Ok;
                case TcActionKind.Drop:
                    action.Drops++;
                    return TcVerdict.Shot;
                case TcActionKind.Continue: return TcVerdict.Unspec;
                case TcActionKind.Mirror:
                    if (context.Sink.Clone(skb) is not { } clone)
                    {
                        action.Drops++; // the packet itself goes on
                        break;
                    }

                    if (context.Sink.Redirect(clone, action.Device, action.Ingress)) break;
                    action.Drops++;
                    context.Sink.Drop(clone, SkbDropReason.TC_EGRESS);
                    break;
                case TcActionKind.Redirect:
                    if (context.Sink.Redirect(skb, action.Device, action.Ingress)) return TcVerdict.Stolen;
                    action.Drops++;
                    return TcVerdict.Shot;
                default:
                    if (action.QueueMapping is { } queue) skb.QueueMapping = queue;
                    if (action.Priority is { } priority) skb.Priority = priority;
                    if (action.Mark is { } mark) skb.Mark = mark;
                    break;
            }
        }

        return TcVerdict.Ok;
    }
}
