using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>A scenario's settings of a device, given to the card through its ethtool API.</summary>
internal static class CardTranslation
{
    public static (NicReceive Receive, EthtoolSettings Ethtool) Receive(DeviceSettings device, MacAddress address, SkbPool[] pools, Jiffies jiffies)
    {
        var moderation = device.Coalesce.Model switch
        {
            CoalesceModel.Throttle => ModerationKind.Throttle,
            CoalesceModel.CompletionQueue => ModerationKind.CompletionQueue,
            _ => ModerationKind.Coalesce,
        };
        var model = NicModel.Generic with
        {
            RxRing = device.Ring.Rx,
            TxRing = device.Ring.Tx,
            Moderation = moderation,
            MaxRing = Math.Max(NicModel.Generic.MaxRing, device.Ring.Rx),
            MinRing = 1,
            RingMultiple = 1,
            IndirectionSize = device.Rxfh.Size,
            KeyBytes = device.Rxfh.Key.Count,
        };
        var jiffy = jiffies.IsExact ? KernelTime.FromMilliseconds(4) : jiffies.Tick;
        var nic = new NicReceive(model, address.Value, device.Queues, q => pools[q], new NoSource(), [.. device.Rxfh.Key], null, jiffy);
        var ethtool = new EthtoolSettings(nic);
        var now = KernelTime.Zero;
        var coalesce = device.Coalesce;
        var change = new CoalesceChange((int)coalesce.RxUsecs.Microseconds, AdaptiveRx: coalesce.AdaptiveRx);
        if (moderation != ModerationKind.Throttle) // a throttle counts no frames and has one time for both directions
        {
            change = change with
            {
                RxFrames = coalesce.RxFrames,
                TxUsecs = (int)coalesce.TxUsecs.Microseconds,
                TxFrames = coalesce.TxFrames,
                AdaptiveTx = coalesce.AdaptiveTx,
                CqeModeRx = coalesce.CqeModeRx,
                CqeModeTx = coalesce.CqeModeTx,
            };
        }

        Apply(device, "coalesce", ethtool.SetCoalesce(change, now));
        Apply(device, "pause", ethtool.SetPause(device.Pause.Rx, device.Pause.Tx, now));
        Apply(device, "mtu", ethtool.SetMtu(device.Mtu, now));
        Apply(device, "rx-flow-hash", ethtool.SetRxFlowHash("tcp4", Letters(device.RxFlowHash.Tcp4), now));
        Apply(device, "rx-flow-hash", ethtool.SetRxFlowHash("udp4", Letters(device.RxFlowHash.Udp4), now));
        Apply(device, "features", ethtool.SetFeature("rx", device.Features.Rx, now));
        Apply(device, "features", ethtool.SetFeature("rxhash", device.Features.RxHash, now));
        Apply(device, "features", ethtool.SetFeature("rxvlan", device.Features.RxVlan, now));
        Apply(device, "features", ethtool.SetFeature("ntuple", device.Features.Ntuple || device.Ntuple.Count > 0, now));
        Apply(device, "features", ethtool.SetFeature("gro", device.Features.Gro, now));
        Apply(device, "features", ethtool.SetFeature("tx", device.Features.Tx, now));
        Apply(device, "features", ethtool.SetFeature("sg", device.Features.Sg, now));
        Apply(device, "features", ethtool.SetFeature("tso", device.Features.Tso, now));
        Apply(device, "features", ethtool.SetFeature("gso", device.Features.Gso, now));
        Apply(device, "features", ethtool.SetFeature("lro", device.Features.Lro, now));
        Apply(device, "features", ethtool.SetFeature("tx-udp-segmentation", device.Features.Uso, now));
        Apply(device, "features", ethtool.SetFeature("rx-udp-gro-forwarding", device.Features.UdpGroForwarding, now));
        if (device.Rxfh.Function == RxHashFunction.Xor) Apply(device, "rxfh", ethtool.SetRxfh("hfunc xor", now, out _));
        if (device.Rxfh.Transform != RxHashTransform.None)
        {
            var words = device.Rxfh.Transform == RxHashTransform.SymmetricXor ? "xfrm symmetric-xor" : "xfrm symmetric-or-xor";
            Apply(device, "rxfh", ethtool.SetRxfh(words, now, out _));
        }

        var start = device.Rxfh.Start > 0 ? $" start {device.Rxfh.Start}" : "";
        if (device.Rxfh.Equal > 0) Apply(device, "rxfh", ethtool.SetRxfh($"equal {device.Rxfh.Equal}{start}", now, out _));
        else if (device.Rxfh.Weight.Count > 0) Apply(device, "rxfh", ethtool.SetRxfh($"weight {string.Join(' ', device.Rxfh.Weight)}{start}", now, out _));
        else if (device.Rxfh.Indirection.Count > 0)
            Apply(device, "rxfh", nic.Contexts.Default.Indirection.Set([.. device.Rxfh.Indirection], device.Queues));
        foreach (var rule in device.Ntuple) Apply(device, "ntuple", ethtool.AddFlowRule(Words(rule), now, out _));
        nic.Filter.Promiscuous = device.Promisc;
        nic.Reclassify(now);
        return (nic, ethtool);
    }

    /// <summary>The masks of the transmit queues, as the scenario writes them; where it writes no CPUs, as drivers do.</summary>
    public static XpsMaps Xps(DeviceSettings device, int cpus)
    {
        var written = device.QueueSettings;
        var maps = written.Any(q => q.XpsCpus.Count > 0) ? new XpsMaps(device.Queues, cpus) : XpsMaps.OfDriver(device.Queues, cpus);
        for (var queue = 0; queue < written.Count; queue++)
        {
            if (written[queue].XpsCpus.Count > 0) maps.SetCpus(queue, written[queue].XpsCpus);
            maps.SetRxQueues(queue, Enumerable.Range(0, device.Queues).Where(rx => (written[queue].XpsRxqs >> rx & 1) != 0));
        }

        return maps;
    }

    /// <summary>RPS and RFS of the queues; empty when none has any.</summary>
    /// <param name="device">The device.</param>
    /// <param name="otherwise"><c>net.core.rps_default_mask</c>.</param>
    /// <param name="host">The host's CPUs.</param>
    /// <param name="kernel">Whose tables.</param>
    public static RxSteering[] RxSteering(DeviceSettings device, CpuSet otherwise, CpuSettings host, KernelVersion kernel)
    {
        RxSteering[] queues = [.. device.QueueSettings.Select(q => new RxSteering(
            MapOf(q.HasRpsCpus ? q.RpsCpus : otherwise), q.RpsFlowCnt == 0 ? null : new RpsDevFlowTable(kernel, q.RpsFlowCnt)))];
        return queues.All(q => q is { Map: null, Flows: null }) ? [] : queues;

        RpsMap? MapOf(CpuSet cpus)
        {
            HostHousekeeping.Filter(host, kernel, ref cpus); // a mask of isolated CPUs only the reader has refused
            return cpus.Count == 0 ? null : new RpsMap([.. cpus]);
        }
    }

    /// <summary>The byte limits of a transmit queue.</summary>
    public static DynamicQueueLimits Limits(ByteQueueLimits limits)
    {
        var dynamic = new DynamicQueueLimits { MinLimit = (uint)limits.Min, MaxLimit = (uint)limits.Max, HoldTime = KernelTime.FromMilliseconds(limits.HoldTimeMs) };
        dynamic.Completed(0, KernelTime.Zero); // a least limit holds from the start
        return dynamic;
    }

    private static void Apply(DeviceSettings device, string key, EthtoolResult result)
    {
        if (!result.Ok) throw new ScenarioException($"{device.Name}: {key}: {result.Error}");
    }

    private static string Letters(Scenarios.FlowHashFields fields) =>
        (fields.HasFlag(Scenarios.FlowHashFields.SourceAddress) ? "s" : "") + (fields.HasFlag(Scenarios.FlowHashFields.DestinationAddress) ? "d" : "")
        + (fields.HasFlag(Scenarios.FlowHashFields.SourcePort) ? "f" : "") + (fields.HasFlag(Scenarios.FlowHashFields.DestinationPort) ? "n" : "");

    private static string Words(NtupleSettings rule)
    {
        var words = new List<string> { $"flow-type {rule.FlowType.ToString().ToLowerInvariant()}" };
        if (rule.SourceIp is not null) words.Add($"src-ip {rule.SourceIp} m {Headers.Ipv4Address.Format(~rule.SourceIpMask)}");
        if (rule.DestinationIp is not null) words.Add($"dst-ip {rule.DestinationIp} m {Headers.Ipv4Address.Format(~rule.DestinationIpMask)}");
        if (rule.SourcePort is { } source) words.Add($"src-port {source} m 0x{~rule.SourcePortMask & 0xFFFF:x}");
        if (rule.DestinationPort is { } destination) words.Add($"dst-port {destination} m 0x{~rule.DestinationPortMask & 0xFFFF:x}");
        if (rule.Vlan is { } vlan) words.Add($"vlan {vlan} m 0xf000");
        words.Add($"action {rule.Action}");
        if (rule.Location >= 0) words.Add($"loc {rule.Location}");
        return string.Join(' ', words);
    }
}
