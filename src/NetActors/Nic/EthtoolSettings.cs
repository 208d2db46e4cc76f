using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// What <c>ethtool</c> changes on a device while frames flow, under its names and with Linux's refusals (specification section 1.9;
/// kernel: net/ethtool/ioctl.c and ixgbe_ethtool.c). After a refusal nothing has changed.
/// </summary>
/// <param name="nic">The device.</param>
public sealed class EthtoolSettings(NicReceive nic)
{
    private const int MaxUsecs = 1018; // IXGBE_MAX_EITR / 4

    private static readonly string[] FeatureNames =
    [
        "rx", "tx", "sg", "tso", "gso", "gro", "lro", "rxhash", "ntuple", "rxvlan", "txvlan",
        "rx-gro-hw", "rx-gro-list", "rx-udp-gro-forwarding", "tx-udp-segmentation",
    ];

    /// <summary>What cards have and this one has not; ethtool says of theirs "[fixed]".</summary>
    private static string? WhyFixed(string name) => name switch
    {
        "rx-gro-hw" => "the card merges nothing itself: gro does",
        "rx-gro-list" => "packets are merged, not chained: rx-udp-gro-forwarding merges what is forwarded",
        _ => null,
    };

    private readonly HashSet<string> _on = ["rx", "tx", "sg", "tso", "gso", "gro", "rxhash", "rxvlan", "txvlan", "tx-udp-segmentation"];

    /// <summary>Descriptors of each transmit ring.</summary>
    public int TxRing { get; private set; } = nic.Model.TxRing;

    /// <summary><c>-L combined N</c>; refused above the device's queues, at 0, or below a queue that somebody's table or rule
    /// names.</summary>
    public EthtoolResult SetChannels(int combined, KernelTime now)
    {
        if (combined > nic.Model.MaxQueues)
            return EthtoolResult.Invalid($"combined {combined}: the device has at most {nic.Model.MaxQueues} channels");
        if (combined < 1) return EthtoolResult.Invalid("combined 0: at least one RX and one TX channel must remain");
        var answer = nic.Contexts.CheckChannels(combined);
        if (answer.Ok) answer = nic.Rules.CheckChannels(combined);
        if (answer.Ok && combined != nic.Channels) nic.SetChannels(combined, now);
        return answer;
    }

    /// <summary>
    /// <c>-G rx N tx N</c>: rounded up to the device's multiple and minimum; above its maximum refused. Rings lose what they hold.
    /// </summary>
    public EthtoolResult SetRing(int? rx, int? tx, KernelTime now)
    {
        foreach (var (name, size) in (ReadOnlySpan<(string, int?)>)[("rx", rx), ("tx", tx)])
        {
            if (size < 1) return EthtoolResult.Invalid($"{name} {size}: a ring needs descriptors");
            if (size > nic.Model.MaxRing)
                return EthtoolResult.Invalid($"{name} {size}: requested ring sizes exceed the maximum {nic.Model.MaxRing}");
        }

        TxRing = tx is null ? TxRing : Rounded(tx.Value);
        if (rx is not null && Rounded(rx.Value) is var wanted && wanted != nic.RingSize) nic.SetRing(wanted, now);
        return EthtoolResult.Success;
    }

    /// <summary><c>-C rx-usecs N rx-frames N adaptive-rx on|off</c>; what is null stays as it is.</summary>
    public EthtoolResult SetCoalesce(int? rxUsecs, int? rxFrames, bool? adaptiveRx, KernelTime now) =>
        SetCoalesce(new CoalesceChange(rxUsecs, rxFrames, adaptiveRx), now);

    /// <summary><c>-C</c> with all its words.</summary>
    public EthtoolResult SetCoalesce(CoalesceChange change, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (model, current) = (nic.Model, nic.Coalesce);
        var isThrottle = model.Moderation == ModerationKind.Throttle;
        if (isThrottle && (change.RxFrames is not null || change.TxFrames is not null))
            return EthtoolResult.NotSupported($"rx-frames: {model.Name} has a throttle and does not count frames");
        if (isThrottle && change.TxUsecs is not null)
            return EthtoolResult.Invalid($"tx-usecs: a vector of {model.Name} is for both directions; rx-usecs holds for both");
        if (isThrottle && change.AdaptiveTx is not null)
            return EthtoolResult.NotSupported($"adaptive-tx: a vector of {model.Name} is for both directions; adaptive-rx holds for both");
        if (model.AdaptiveIsUsecsOne && change.AdaptiveRx is not null)
            return EthtoolResult.NotSupported($"adaptive-rx: {model.Name} has no such switch; use rx-usecs 1 to let the driver adapt");
        if (isThrottle && change.RxUsecs > MaxUsecs) return EthtoolResult.Invalid($"rx-usecs {change.RxUsecs}: the device has at most {MaxUsecs}");
        var settings = change.Of(current);
        if (model.AdaptiveIsUsecsOne) settings = settings with { AdaptiveRx = settings.RxUsecs == 1 };
        var answer = settings.Check(model.Moderation);
        if (answer.Ok) nic.SetCoalesce(settings, now);
        return answer;
    }

    /// <summary><c>-X</c> with ethtool's words, such as "equal 4 start 2", "weight 6 2", "hfunc xor" or "context new equal 2".</summary>
    /// <param name="words">The words after <c>ethtool -X DEV</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="context">The context that was changed: a new number after <c>context new</c>.</param>
    public EthtoolResult SetRxfh(string words, KernelTime now, out int context)
    {
        var answer = RxfhRequest.TryParse(words, out var request);
        context = 0;
        if (!answer.Ok) return answer;
        nic.AdvanceTo(now); // frames that arrived by now were hashed the old way
        answer = request.Apply(nic, out context);
        if (answer.Ok) nic.Reclassify(now);
        return answer;
    }

    /// <summary><c>-N rx-flow-hash TYPE LETTERS [context N]</c>.</summary>
    public EthtoolResult SetRxFlowHash(string flowType, string letters, KernelTime now, int context = 0)
    {
        if (!FlowTypes.TryParse(flowType, out var type) || type == FlowType.Ether)
            return EthtoolResult.Invalid($"rx-flow-hash: there is no flow type '{flowType}'; use tcp4, udp4, sctp4, ah4, esp4, ip4 or those with 6");
        var answer = FlowHashLetters.TryParse(letters, out var fields);
        if (!answer.Ok) return answer;
        if (nic.Contexts.Find(context) is not { } target) return EthtoolResult.NotFound($"there is no RSS context {context}");
        if ((fields & FlowHashFields.Ports) != 0 && type is FlowType.Ip4 or FlowType.Ip6)
            return EthtoolResult.Invalid($"rx-flow-hash {flowType}: this flow type has no ports");
        if (nic.Model.FixedHashFields && !IsFixedChoice(type, fields))
            return EthtoolResult.Invalid($"rx-flow-hash {flowType} {letters}: {nic.Model.Name} hashes TCP on sdfn, UDP on sd or sdfn, others on sd");
        if (target.Hasher.Transform != RssTransform.None && RssHasher.IsLopsided(fields))
            return EthtoolResult.Invalid("rx-flow-hash: a symmetric transform needs both addresses and both ports, or neither");
        nic.AdvanceTo(now);
        target.Hasher.SetFields(type, fields);
        nic.Reclassify(now);
        return EthtoolResult.Success;
    }

    /// <summary><c>-K NAME on|off</c>. Some only matter above the NIC; <see cref="HasFeature"/> tells them.</summary>
    public EthtoolResult SetFeature(string name, bool on, KernelTime now)
    {
        if (!FeatureNames.Contains(name))
            return EthtoolResult.Invalid($"there is no feature '{name}'; use one of {string.Join(", ", FeatureNames)}");
        if (on && WhyFixed(name) is { } why) return EthtoolResult.NotSupported($"{name}: {why}");
        if (on) _on.Add(name);
        else _on.Remove(name);
        var bit = name switch
        {
            "rx" => NicFeatures.RxChecksum,
            "rxhash" => NicFeatures.RxHash,
            "rxvlan" => NicFeatures.RxVlan,
            "ntuple" => NicFeatures.Ntuple,
            "gro" => NicFeatures.Gro,
            "tx" => NicFeatures.TxChecksum,
            "sg" => NicFeatures.ScatterGather,
            "tso" => NicFeatures.Tso,
            "gso" => NicFeatures.Gso,
            "tx-udp-segmentation" => NicFeatures.Uso,
            "lro" => NicFeatures.Lro,
            "rx-udp-gro-forwarding" => NicFeatures.UdpGroForwarding,
            _ => NicFeatures.None,
        };
        if (bit != NicFeatures.None) nic.SetFeatures(on ? nic.Features | bit : nic.Features & ~bit, now);
        return EthtoolResult.Success;
    }

    /// <summary>True when the feature is on (<c>-k</c>).</summary>
    public bool HasFeature(string name) => _on.Contains(name);

    /// <summary><c>-A rx on|off tx on|off</c>.</summary>
    public EthtoolResult SetPause(bool rx, bool tx, KernelTime now)
    {
        nic.SetPause(rx, tx, now);
        return EthtoolResult.Success;
    }

    /// <summary><c>-N flow-type ...</c>; refused without the feature ntuple.</summary>
    /// <param name="words">The words after <c>ethtool -N DEV</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="location">Where the rule is.</param>
    public EthtoolResult AddFlowRule(string words, KernelTime now, out int location)
    {
        location = -1;
        if (!HasFeature("ntuple")) return EthtoolResult.NotSupported("flow rules need the feature ntuple (ethtool -K DEV ntuple on)");
        var answer = FlowRuleParser.TryParse(words, out var rule);
        if (!answer.Ok) return answer;
        nic.AdvanceTo(now);
        answer = nic.Rules.Insert(rule, nic.Channels, nic.Contexts, out location);
        if (answer.Ok) nic.Reclassify(now);
        return answer;
    }

    /// <summary><c>-N delete L</c>.</summary>
    public EthtoolResult DeleteFlowRule(int location, KernelTime now)
    {
        nic.AdvanceTo(now);
        var answer = nic.Rules.Delete(location);
        if (answer.Ok) nic.Reclassify(now);
        return answer;
    }

    /// <summary><c>ip link set mtu</c>: 68 to 9710 bytes (<c>ETH_MIN_MTU</c>, <c>IXGBE_MAX_JUMBO_FRAME_SIZE</c>).</summary>
    public EthtoolResult SetMtu(int bytes, KernelTime now)
    {
        if (bytes is < 68 or > 9710) return EthtoolResult.Invalid($"mtu {bytes}: the device has 68 to 9710");
        nic.SetMtu(bytes, now);
        return EthtoolResult.Success;
    }

    private static bool IsFixedChoice(FlowType type, FlowHashFields fields) => type switch
    {
        FlowType.Tcp4 or FlowType.Tcp6 => fields == FlowHashFields.FourTuple,
        FlowType.Udp4 or FlowType.Udp6 => fields is FlowHashFields.Addresses or FlowHashFields.FourTuple,
        _ => fields == FlowHashFields.Addresses,
    };

    private int Rounded(int size)
    {
        var multiple = nic.Model.RingMultiple;
        return Math.Max((size + multiple - 1) / multiple * multiple, nic.Model.MinRing);
    }
}
