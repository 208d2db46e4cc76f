namespace NetActors.Nic;

/// <summary>The RSS contexts of a device: 0 for everything, further ones for frames that a flow rule sends there.</summary>
public sealed class RssContexts
{
    private readonly RssContext?[] _contexts;
    private readonly int _tableSize;

    /// <summary>Context 0 alone, for a device of <paramref name="channels"/> queues.</summary>
    public RssContexts(ReadOnlySpan<byte> key, int tableSize, int channels, int limit = 16)
    {
        _tableSize = tableSize;
        _contexts = new RssContext?[limit];
        _contexts[0] = Default = new RssContext(0, new RssHasher(key), new RssIndirection(tableSize, channels));
    }

    /// <summary>Context 0.</summary>
    public RssContext Default { get; }

    /// <summary>The context with that number, or null.</summary>
    public RssContext? Find(int id) => id >= 0 && id < _contexts.Length ? _contexts[id] : null;

    /// <summary><c>context new</c>: the lowest free number, with context 0's key and a default table.</summary>
    public EthtoolResult Create(int channels, out RssContext context)
    {
        context = Default;
        var id = Array.IndexOf(_contexts, null);
        if (id < 0) return EthtoolResult.NoSpace($"the device has {_contexts.Length} RSS contexts, all in use");
        var hasher = new RssHasher(Default.Hasher.Key);
        Default.Hasher.CopyTo(hasher);
        _contexts[id] = context = new RssContext(id, hasher, new RssIndirection(_tableSize, channels));
        return EthtoolResult.Success;
    }

    /// <summary><c>context N delete</c>; refused while a rule leads there (kernel: <c>ethtool_check_rss_ctx_busy</c>).</summary>
    public EthtoolResult Delete(int id, FlowRules rules)
    {
        if (id == 0 || Find(id) is null) return EthtoolResult.NotFound($"there is no RSS context {id} to delete");
        if (rules.UsesContext(id)) return EthtoolResult.Busy($"RSS context {id} is used by a flow rule");
        _contexts[id] = null;
        return EthtoolResult.Success;
    }

    /// <summary>May the device have only <paramref name="channels"/> queues?</summary>
    public EthtoolResult CheckChannels(int channels)
    {
        foreach (var context in _contexts)
        {
            var answer = context?.Indirection.CheckChannels(channels) ?? EthtoolResult.Success;
            if (!answer.Ok) return answer;
        }

        return EthtoolResult.Success;
    }

    /// <summary>The device now has <paramref name="channels"/> queues.</summary>
    public void OnChannels(int channels)
    {
        foreach (var context in _contexts) context?.Indirection.OnChannels(channels);
    }
}
