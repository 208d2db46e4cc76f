namespace NetActors.Nic;

/// <summary>
/// The table that turns the low bits of a hash into a queue (specification section 1.5; kernel: <c>rss_set_prep_indir</c>,
/// <c>ethtool_check_max_channel</c>; the fill rules of <c>equal</c> and <c>weight</c> are those of the ethtool program).
/// </summary>
public sealed class RssIndirection
{
    private readonly ushort[] _queues;

    /// <summary>A default table of <paramref name="size"/> entries over <paramref name="channels"/> queues.</summary>
    /// <param name="size">A power of two: 128 for most devices, 512 for X550 and i40e, 2048 for ice.</param>
    /// <param name="channels">Receive queues.</param>
    public RssIndirection(int size, int channels)
    {
        if (size < 1 || (size & (size - 1)) != 0) throw new ArgumentException("the table size is a power of two", nameof(size));
        _queues = new ushort[size];
        Reset(channels);
    }

    /// <summary>The queue of each entry.</summary>
    public ReadOnlySpan<ushort> Entries => _queues;

    /// <summary>Somebody chose the entries, so they bind the number of channels (kernel: <c>netif_is_rxfh_configured</c>).</summary>
    public bool UserConfigured { get; private set; }

    /// <summary>The highest queue that an entry names.</summary>
    public int HighestQueue { get; private set; }

    /// <summary>The queue for a hash.</summary>
    public int QueueOf(uint hash) => _queues[hash & (uint)(_queues.Length - 1)];

    /// <summary><c>default</c>: entry i is i mod <paramref name="channels"/>, and nobody chose it (kernel:
    /// <c>ethtool_rxfh_indir_default</c>).</summary>
    public void Reset(int channels)
    {
        for (var i = 0; i < _queues.Length; i++) _queues[i] = (ushort)(i % channels);
        (UserConfigured, HighestQueue) = (false, Math.Min(channels, _queues.Length) - 1);
    }

    /// <summary><c>equal N [start B]</c>: entry i is B + (i mod N).</summary>
    public EthtoolResult SetEqual(int count, int start, int channels)
    {
        if (count < 1) return EthtoolResult.Invalid($"equal {count}: at least one queue is needed");
        var table = new int[_queues.Length];
        for (var i = 0; i < table.Length; i++) table[i] = start + (i % count);
        return Set(table, channels);
    }

    /// <summary><c>weight w0 w1 ... [start B]</c>: queue B + j gets its share of the table, in one run of entries.</summary>
    public EthtoolResult SetWeight(ReadOnlySpan<int> weights, int start, int channels)
    {
        var sum = 0L;
        foreach (var weight in weights)
        {
            if (weight < 0) return EthtoolResult.Invalid($"weight {weight}: weights must not be negative");
            sum += weight;
        }

        if (sum == 0) return EthtoolResult.Invalid("weight: at least one weight must be above 0");
        if (sum > _queues.Length)
            return EthtoolResult.Invalid($"weight: the weights sum to {sum}, more than the table's {_queues.Length} entries");
        var table = new int[_queues.Length];
        var queue = -1;
        var partial = 0L;
        for (var i = 0; i < table.Length; i++)
        {
            while (i >= table.Length * partial / sum) partial += weights[++queue];
            table[i] = start + queue;
        }

        return Set(table, channels);
    }

    /// <summary>The entries as they are; a shorter table whose length divides the size is repeated, an empty one is
    /// <c>default</c>.</summary>
    public EthtoolResult Set(ReadOnlySpan<int> table, int channels)
    {
        if (table.Length == 0)
        {
            Reset(channels);
            return EthtoolResult.Success;
        }

        if (table.Length > _queues.Length || _queues.Length % table.Length != 0)
            return EthtoolResult.Invalid($"a table of {table.Length} entries does not divide the device's {_queues.Length}");
        var highest = 0;
        foreach (var queue in table)
        {
            if (queue < 0 || queue >= channels)
                return EthtoolResult.Invalid($"queue {queue} does not exist: the device has {channels} receive queues");
            highest = Math.Max(highest, queue);
        }

        for (var i = 0; i < _queues.Length; i++) _queues[i] = (ushort)table[i % table.Length];
        (UserConfigured, HighestQueue) = (true, highest);
        return EthtoolResult.Success;
    }

    /// <summary>May the device have only <paramref name="channels"/> queues? Not if somebody chose entries beyond (<c>ethtool
    /// -L</c>).</summary>
    public EthtoolResult CheckChannels(int channels) => UserConfigured && HighestQueue >= channels
        ? EthtoolResult.Invalid($"requested channel counts are too low for existing indirection table settings (queue {HighestQueue} is used)")
        : EthtoolResult.Success;

    /// <summary>The device now has <paramref name="channels"/> queues: a table that nobody chose is made anew.</summary>
    public void OnChannels(int channels)
    {
        if (!UserConfigured) Reset(channels);
    }
}
