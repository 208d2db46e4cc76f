using NetActors.Buffers;

namespace NetActors.Qdisc;

/// <summary>Packets in a row, linked through the packets themselves (kernel: <c>struct qdisc_skb_head</c>).</summary>
public struct SkbList
{
    private SkBuff? _head;
    private SkBuff? _tail;

    /// <summary>Packets in it.</summary>
    public int Count { get; private set; }

    /// <summary>The first; null when empty.</summary>
    public readonly SkBuff? Head => _head;

    /// <summary>The last; null when empty.</summary>
    public readonly SkBuff? Tail => _tail;

    /// <summary>Adds behind the last.</summary>
    public void Append(SkBuff skb)
    {
        skb.Next = null;
        if (_tail is null) _head = skb;
        else _tail.Next = skb;
        _tail = skb;
        Count++;
    }

    /// <summary>Puts before the first.</summary>
    public void Push(SkBuff skb)
    {
        skb.Next = _head;
        _head = skb;
        _tail ??= skb;
        Count++;
    }

    /// <summary>Takes the first; null when empty.</summary>
    public SkBuff? Take()
    {
        var skb = _head;
        if (skb is null) return null;
        _head = skb.Next;
        if (_head is null) _tail = null;
        skb.Next = null;
        Count--;
        return skb;
    }
}
