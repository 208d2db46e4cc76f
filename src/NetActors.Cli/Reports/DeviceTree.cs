using System.Globalization;
using NetActors.Scenarios;
using NetActors.Scenarios.Reading;
using Spectre.Console;

namespace NetActors.Cli.Reports;

/// <summary>One device of a host, knob by knob, each with the command or file that sets it on Linux.</summary>
internal static class DeviceTree
{
    /// <summary>Adds it below the host.</summary>
    public static void AddTo(TreeNode host, DeviceSettings device, HostSettings owner)
    {
        var addresses = device.Addresses.Count == 0 ? "no address" : string.Join(", ", device.Addresses);
        var promisc = (device.Promisc ? ", promisc" : "") + (device.Driver == DriverKind.NetifRx ? ", driver netif_rx" : "");
        var node = ScenarioTree.Add(
            host, $"{device.Name}: {HostTree.Mac(device.Mac)}, {addresses}, mtu {device.Mtu}, txqueuelen {device.TxQueueLength}{promisc}");
        var speed = Quantity.BitRate.Text(device.Speed);
        Line(node, $"ethtool -L combined {device.Queues}; -G rx {device.Ring.Rx} tx {device.Ring.Tx}; speed {speed}");
        Line(node, "ethtool -C " + Coalesce(device.Coalesce));
        Line(node, $"ethtool -A rx {OnOff(device.Pause.Rx)} tx {OnOff(device.Pause.Tx)}");
        Line(node, "ethtool -K " + Features(device.Features));
        Line(node, $"ethtool -N rx-flow-hash tcp4 {Letters(device.RxFlowHash.Tcp4)}, udp4 {Letters(device.RxFlowHash.Udp4)}");
        Line(node, "ethtool -X " + Rxfh(device.Rxfh));
        foreach (var rule in device.Ntuple) Line(node, $"ethtool -N flow-type {rule.FlowType.ToString().ToLowerInvariant()} {Rule(rule)}");
        Line(node, "smp_affinity_list " + Affinity(device, owner));
        AddSteering(node, device);
        Line(node, Napi(device.Napi));
    }

    private static string Coalesce(CoalesceSettings c) =>
        $"adaptive-rx {OnOff(c.AdaptiveRx)} adaptive-tx {OnOff(c.AdaptiveTx)} rx-usecs {Micro(c.RxUsecs)} rx-frames {c.RxFrames} "
        + $"tx-usecs {Micro(c.TxUsecs)} tx-frames {c.TxFrames}"
        + c.Model switch
        {
            CoalesceModel.Throttle => " (throttle: the least gap of interrupts)",
            CoalesceModel.CompletionQueue => $" cqe-mode-rx {OnOff(c.CqeModeRx)} cqe-mode-tx {OnOff(c.CqeModeTx)}",
            _ => " (after the first frame not signalled)",
        };

    private static string Features(FeatureSettings f) =>
        $"rx {OnOff(f.Rx)} tx {OnOff(f.Tx)} sg {OnOff(f.Sg)} tso {OnOff(f.Tso)} gso {OnOff(f.Gso)} gro {OnOff(f.Gro)} "
        + $"rxhash {OnOff(f.RxHash)} ntuple {OnOff(f.Ntuple)} rxvlan {OnOff(f.RxVlan)} txvlan {OnOff(f.TxVlan)}";

    private static string Rxfh(RxfhSettings rxfh)
    {
        var table = rxfh.Equal > 0 ? $"equal {rxfh.Equal}"
            : rxfh.Weight.Count > 0 ? $"weight {string.Join(' ', rxfh.Weight)}"
            : rxfh.Indirection.Count > 0 ? $"indirection {string.Join(' ', rxfh.Indirection)}"
            : "default";
        var start = rxfh.Start > 0 ? $" start {rxfh.Start}" : "";
        var transform = rxfh.Transform == RxHashTransform.None ? "" : $" xfrm {rxfh.Transform}";
        var function = rxfh.Function.ToString().ToLowerInvariant();
        return $"{table}{start} (table of {rxfh.Size}), hfunc {function}{transform}, key of {rxfh.Key.Count} bytes";
    }

    private static string Rule(NtupleSettings rule)
    {
        var text = "";
        if (rule.SourceIp is { } source) text += $"src-ip {source} ";
        if (rule.DestinationIp is { } destination) text += $"dst-ip {destination} ";
        if (rule.SourcePort is { } sourcePort) text += $"src-port {sourcePort} ";
        if (rule.DestinationPort is { } destinationPort) text += $"dst-port {destinationPort} ";
        if (rule.Vlan is { } vlan) text += $"vlan {vlan} ";
        return $"{text}action {rule.Action} loc {rule.Location}";
    }

    private static string Affinity(DeviceSettings device, HostSettings owner)
    {
        return string.Join(' ', Enumerable.Range(0, device.Queues).Select(q => $"{device.Name}-TxRx-{q}={Cpus(q)}"));

        CpuSet Cpus(int q) =>
            q < device.SmpAffinity.Count && device.SmpAffinity[q].Count > 0 ? device.SmpAffinity[q] : new CpuSet([q % owner.Cpus.Count]);
    }

    private static void AddSteering(TreeNode node, DeviceSettings device)
    {
        for (var q = 0; q < device.QueueSettings.Count; q++)
        {
            var queue = device.QueueSettings[q];
            var text = "";
            if (queue.RpsCpus.Count > 0) text += $" rps_cpus {queue.RpsCpus}";
            if (queue.RpsFlowCnt > 0) text += $" rps_flow_cnt {queue.RpsFlowCnt}";
            if (queue.XpsCpus.Count > 0) text += $" xps_cpus {queue.XpsCpus}";
            if (text.Length > 0) Line(node, $"queues/{q}:{text}");
        }
    }

    private static string Napi(NapiSettings napi) =>
        $"napi weight {napi.Weight}, gro_flush_timeout {napi.GroFlushTimeout.Nanoseconds}, napi_defer_hard_irqs {napi.DeferHardIrqs}"
        + (napi.Threaded ? ", threaded" + (napi.ThreadCpus.Count > 0 ? $" on CPUs {napi.ThreadCpus}" : "") : "");

    private static string Letters(FlowHashFields fields)
    {
        var text = "";
        if (fields.HasFlag(FlowHashFields.SourceAddress)) text += "s";
        if (fields.HasFlag(FlowHashFields.DestinationAddress)) text += "d";
        if (fields.HasFlag(FlowHashFields.SourcePort)) text += "f";
        return fields.HasFlag(FlowHashFields.DestinationPort) ? text + "n" : text;
    }

    private static string Micro(Time.KernelTime time) => (time.Nanoseconds / 1e3).ToString("0.###", CultureInfo.InvariantCulture);

    private static string OnOff(bool value) => value ? "on" : "off";

    private static void Line(TreeNode node, string text) => ScenarioTree.Add(node, text);
}
