namespace NetActors.Nic;

/// <summary>Where a rule without a location of its own goes (kernel: <c>RX_CLS_LOC_*</c>).</summary>
public static class FlowRuleLocation
{
    /// <summary>Any free one; as the ethtool program does, the highest.</summary>
    public const int Any = -1;

    /// <summary>The first free one: highest priority.</summary>
    public const int First = -2;

    /// <summary>The last free one: lowest priority.</summary>
    public const int Last = -3;
}

/// <summary>
/// The ntuple rules of a device in order of location; the first that matches overrides RSS (specification section 1.8;
/// kernel: <c>ETHTOOL_SRXCLSRLINS</c>, <c>ETHTOOL_SRXCLSRLDEL</c>).
/// </summary>
/// <param name="size">Locations: 2046 on ixgbe with its smallest filter memory.</param>
public sealed class FlowRules(int size = 2046)
{
    private readonly List<FlowRule> _rules = [];

    /// <summary>Locations of the table.</summary>
    public int Size { get; } = size;

    /// <summary>The rules in order.</summary>
    public IReadOnlyList<FlowRule> Rules => _rules;

    /// <summary>The first rule that wants the frame; null when RSS decides.</summary>
    public FlowRule? Match(ReadOnlySpan<byte> frame, in FrameLayout layout)
    {
        for (var i = 0; i < _rules.Count; i++)
        {
            if (_rules[i].Matches(frame, layout)) return _rules[i];
        }

        return null;
    }

    /// <summary>Adds a rule, or replaces the one at its location; a special location is replaced by the one found.</summary>
    /// <param name="rule">The rule; its location may be one of <see cref="FlowRuleLocation"/>.</param>
    /// <param name="channels">Receive queues of the device.</param>
    /// <param name="contexts">RSS contexts of the device.</param>
    /// <param name="location">Where it is now.</param>
    public EthtoolResult Insert(FlowRule rule, int channels, RssContexts contexts, out int location)
    {
        location = rule.Location < 0 ? FreeLocation(rule.Location) : rule.Location;
        if (location < 0) return EthtoolResult.NoSpace($"all {Size} rule locations are in use");
        if (location >= Size) return EthtoolResult.Invalid($"loc {location}: the table has locations 0 to {Size - 1}");
        if (rule.Queue < FlowRule.Drop)
            return EthtoolResult.NotSupported($"action {rule.Queue}: the device cannot do that; it knows -1 (drop) and its queues");
        if (rule.Queue >= channels) return EthtoolResult.Invalid($"action {rule.Queue}: the device has {channels} receive queues");
        if (rule.Context != 0 && contexts.Find(rule.Context) is null)
            return EthtoolResult.Invalid($"context {rule.Context} does not exist");
        var index = IndexOf(location);
        rule = rule with { Location = location };
        if (index >= 0) _rules[index] = rule;
        else _rules.Insert(~index, rule);
        return EthtoolResult.Success;
    }

    /// <summary><c>delete L</c>.</summary>
    public EthtoolResult Delete(int location)
    {
        var index = IndexOf(location);
        if (index < 0) return EthtoolResult.NotFound($"there is no rule at location {location}");
        _rules.RemoveAt(index);
        return EthtoolResult.Success;
    }

    /// <summary>Removes all rules.</summary>
    public void Clear() => _rules.Clear();

    /// <summary>True when a rule leads to that context.</summary>
    public bool UsesContext(int id) => _rules.Exists(rule => rule.Context == id);

    /// <summary>May the device have only <paramref name="channels"/> queues? Not if a rule names one beyond (<c>ethtool -L</c>).</summary>
    public EthtoolResult CheckChannels(int channels) => _rules.Find(rule => rule.Context == 0 && rule.Queue >= channels) is { } rule
        ? EthtoolResult.Invalid($"requested channel counts are too low for existing ntuple filter settings (rule {rule.Location} uses queue {rule.Queue})")
        : EthtoolResult.Success;

    private int IndexOf(int location)
    {
        int low = 0, high = _rules.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_rules[middle].Location == location) return middle;
            if (_rules[middle].Location < location) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    private int FreeLocation(int special)
    {
        if (_rules.Count == Size) return -1;
        var location = special == FlowRuleLocation.First ? 0 : Size - 1;
        var step = special == FlowRuleLocation.First ? 1 : -1;
        while (IndexOf(location) >= 0) location += step;
        return location;
    }
}
