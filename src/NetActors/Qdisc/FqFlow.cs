using NetActors.Buffers;

namespace NetActors.Qdisc;

/// <summary>One flow of <see cref="Fq"/> (kernel: <c>struct fq_flow</c>): packets in the order of their departure.</summary>
internal sealed class FqFlow
{
    private readonly TimedHeap<SkBuff> _early = new(); // those whose time lies before the last one's
    private SkbList _list;

    public long Key;
    public int Length;
    public int Credit;
    public int Band;
    public FqFlow? Next; // in its round
    public FqFlow? NextInBucket;
    public long TimeNextPacket;
    public long EmptiedAt; // when it left the rounds
    public bool IsDetached;
    public bool IsThrottled;

    /// <summary>The packet that may go first; null when empty (kernel: <c>fq_peek</c>).</summary>
    public SkBuff? Peek()
    {
        var early = _early.First;
        if (early is null || _list.Head is null) return early ?? _list.Head;
        return early.Cb.QdiscTime < _list.Head.Cb.QdiscTime ? early : _list.Head;
    }

    /// <summary>Takes what <see cref="Peek"/> showed.</summary>
    public void Remove(SkBuff skb)
    {
        if (ReferenceEquals(skb, _list.Head)) _list.Take();
        else _early.Take();
    }

    public void Add(SkBuff skb)
    {
        if (_list.Tail is null || skb.Cb.QdiscTime >= _list.Tail.Cb.QdiscTime) _list.Append(skb);
        else _early.Add(skb.Cb.QdiscTime, skb);
    }
}

/// <summary>Flows that take turns (kernel: <c>struct fq_flow_head</c>).</summary>
internal struct FqRound
{
    private FqFlow? _last;

    public FqFlow? First { get; private set; }

    public void Append(FqFlow flow)
    {
        if (First is null) First = flow;
        else _last!.Next = flow;
        _last = flow;
        flow.Next = null;
    }

    public void RemoveFirst() => First = First!.Next;
}
