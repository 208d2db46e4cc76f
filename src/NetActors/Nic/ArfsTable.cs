using System.Collections.Concurrent;

namespace NetActors.Nic;

/// <summary>
/// The driver's side of accelerated RFS (kernel: mlx5's <c>mlx5e_rx_flow_steer</c>, <c>arfs_handle_work</c>, <c>arfs_may_expire_flow</c>;
/// specification section 6.5): CPUs ask for filters, the device's context has the hardware do them and lets those of idle flows go.
/// </summary>
/// <param name="settings">How many, how fast.</param>
internal sealed class ArfsTable(ArfsSettings settings)
{
    private const int ExpiryQuota = 60; // MLX5E_ARFS_EXPIRY_QUOTA
    private const int FilterIds = 0xFFFF; // RPS_NO_FILTER is none of them
    private readonly ConcurrentDictionary<FlowTuple, ArfsRule> _rules = new(); // CPUs look here as they receive
    private readonly Dictionary<FlowTuple, int> _filters = []; // the hardware's; the device's context only
    private readonly Queue<ArfsRule> _inOrder = new(); // which to look at next
    private int _lastFilter;
    private int _count;
    private long _errors;
    private long _requestsIn;
    private long _requestsOut;

    /// <summary>How many, how fast.</summary>
    public ArfsSettings Settings { get; } = settings;

    /// <summary>Flows led now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Filters in the hardware.</summary>
    public int Filters => _filters.Count;

    /// <summary>Flows that got a filter (<c>rx_arfs_add</c>).</summary>
    public long Added { get; private set; }

    /// <summary>Flows that were led to another queue than before, asked for (<c>rx_arfs_request_in</c>).</summary>
    public long RequestsIn => Volatile.Read(ref _requestsIn);

    /// <summary>The same, done (<c>rx_arfs_request_out</c>).</summary>
    public long RequestsOut => Volatile.Read(ref _requestsOut);

    /// <summary>Filters of idle flows let go (<c>rx_arfs_expired</c>).</summary>
    public long Expired { get; private set; }

    /// <summary>Flows that got none since all filters were in use (<c>rx_arfs_err</c>).</summary>
    public long Errors => Volatile.Read(ref _errors);

    /// <summary>
    /// A flow is wanted in a queue. Its filter's number and, when the hardware has to be told, its rule; negative when there is no filter
    /// left. On any CPU.
    /// </summary>
    public int Steer(in FlowTuple tuple, int queue, int flowId, out ArfsRule? tell)
    {
        tell = null;
        if (_rules.TryGetValue(tuple, out var rule))
        {
            rule.FlowId = flowId;
            if (rule.Queue == queue) return rule.FilterId;
            rule.Queue = queue;
            Interlocked.Increment(ref _requestsIn);
        }
        else
        {
            if (Interlocked.Increment(ref _count) > Settings.Rules)
            {
                Interlocked.Decrement(ref _count);
                Interlocked.Increment(ref _errors);
                return -1;
            }

            rule = new ArfsRule(tuple, (int)((uint)Interlocked.Increment(ref _lastFilter) % FilterIds)) { Queue = queue, FlowId = flowId };
            if (!_rules.TryAdd(tuple, rule)) // another CPU was quicker
            {
                Interlocked.Decrement(ref _count);
                return -1;
            }
        }

        rule.IsPending = true;
        tell = rule;
        return rule.FilterId;
    }

    /// <summary>The hardware is told of a rule. Frames that come later follow it.</summary>
    public void Program(ArfsRule rule)
    {
        rule.IsPending = false;
        if (!_rules.TryGetValue(rule.Tuple, out var current) || !ReferenceEquals(current, rule)) return; // cleared meanwhile
        var isNew = !_filters.ContainsKey(rule.Tuple);
        _filters[rule.Tuple] = rule.Queue;
        if (!isNew)
        {
            Interlocked.Increment(ref _requestsOut);
            return;
        }

        Added++;
        _inOrder.Enqueue(rule);
    }

    /// <summary>Looks at some of the rules and lets go of those that may expire.</summary>
    public void Expire(Func<ArfsRule, bool> mayExpire)
    {
        for (var left = Math.Min(ExpiryQuota, _inOrder.Count); left > 0; left--)
        {
            var rule = _inOrder.Dequeue();
            if (rule.IsPending || !mayExpire(rule))
            {
                _inOrder.Enqueue(rule);
                continue;
            }

            Remove(rule);
            Expired++;
        }
    }

    /// <summary>Lets go of all: the feature was switched off (kernel: <c>mlx5e_arfs_disable</c>).</summary>
    public void Clear()
    {
        while (_inOrder.TryDequeue(out var rule)) Remove(rule);
        foreach (var rule in _rules.Values) Remove(rule); // asked for, not done yet
    }

    /// <summary>The queue that the hardware leads a frame's flow to; negative for none.</summary>
    /// <param name="packet">The frame from its network header on.</param>
    public int QueueOf(ReadOnlySpan<byte> packet) =>
        _filters.Count > 0 && FlowTuple.TryRead(packet, out var tuple) && _filters.TryGetValue(tuple, out var queue) ? queue : -1;

    private void Remove(ArfsRule rule)
    {
        if (!_rules.TryRemove(rule.Tuple, out _)) return;
        _filters.Remove(rule.Tuple);
        Interlocked.Decrement(ref _count);
    }
}
