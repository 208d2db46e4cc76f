using System.Numerics;

namespace NetActors.Steering;

/// <summary>
/// Keeps one flow from filling a backlog (kernel: <c>struct sd_flow_limit</c>, <c>skb_flow_limit</c>; specification section 5.7). It belongs
/// to the CPU that enqueues. Not in 3.10.
/// </summary>
public sealed class FlowLimit
{
    /// <summary>Packets that it remembers.</summary>
    public const int History = 128;

    private const uint GoldenRatio32 = 0x61C88647;
    private readonly ushort[] _history = new ushort[History];
    private readonly byte[] _buckets;
    private readonly int _log;
    private int _head;

    /// <summary>Nothing seen.</summary>
    /// <param name="buckets"><c>net.core.flow_limit_table_len</c>: a power of two.</param>
    public FlowLimit(int buckets)
    {
        if (!BitOperations.IsPow2(buckets)) throw new ArgumentOutOfRangeException(nameof(buckets), buckets, "a power of two");
        (_buckets, _log) = (new byte[buckets], BitOperations.Log2((uint)buckets));
    }

    /// <summary>Packets refused.</summary>
    public uint Count { get; private set; }

    /// <summary>Buckets.</summary>
    public int Buckets => _buckets.Length;

    /// <summary>A backlog is less than half full: nobody is limited, and nothing is remembered.</summary>
    /// <param name="queueLength">Packets in <c>input_pkt_queue</c> of the target.</param>
    /// <param name="maxBacklog"><c>net.core.netdev_max_backlog</c>.</param>
    public static bool IsIdle(int queueLength, int maxBacklog) => queueLength < maxBacklog >> 1;

    /// <summary>A packet of a flow is about to be enqueued; true when its flow had more than half of the last packets.</summary>
    public bool Refuses(uint hash)
    {
        var now = _log == 0 ? 0 : (hash * GoldenRatio32) >> (32 - _log);
        var before = _history[_head];
        _history[_head] = (ushort)now; // as in the kernel: above 65536 buckets it forgets the wrong ones
        _head = (_head + 1) & (History - 1);
        if (_buckets[before] > 0) _buckets[before]--;
        if (++_buckets[now] <= History / 2) return false;
        Count++;
        return true;
    }
}
