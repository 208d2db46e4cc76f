using NetActors.Headers;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Scenarios;

namespace NetActors.Hosts;

/// <content>Namespaces of a machine and the veth pairs between them.</content>
internal sealed partial class SimulationPlanner
{
    private readonly Dictionary<DevicePort, (VethDevice Device, DevicePort Peer)> _veths = [];

    /// <summary>A host that has another's CPUs, and all that they have beside counters and tables of the network.</summary>
    private void AddNamespace(HostSettings settings, Host machine)
    {
        var (kernel, cpus) = (_scenario.Kernel, machine.Cpus);
        var before = _plan.Pools.Count;
        var stack = new NetStack(
            cpus, machine.Settings, HostTranslation.Network(settings, kernel, _layer.Settings.Jiffies), RandomFor($"{settings.Name}/stack"),
            RandomFor($"{settings.Name}/tcp"), !_layer.IsVirtual)
        {
            TimerCpu = cpus[0],
        };
        Join(stack, machine.Stack, cpus);
        stack.Rps.SockFlows = machine.Stack.Rps.SockFlows;
        HostTranslation.Set(stack.Tcp, settings, kernel);
        _plan.Pools.Add(stack.FragmentPool);
        var host = new Host(settings.Name, _plan.Hosts.Count, machine.Settings, cpus, stack) { RpsDefaultMask = machine.RpsDefaultMask };
        _plan.Hosts.Add(host);
        AddDevices(host, settings);
        CaptureDrops(host, _plan.Pools.Skip(before));
        TaskPlanner.AddTasks(host, settings, _scenario, _plan);
        TaskPlanner.Bind(host, settings);
        host.Knobs = new HostKnobs(host, settings, _layer);
    }

    /// <summary>From here on each CPU counts for whichever of its namespaces it works.</summary>
    private static void Join(NetStack stack, NetStack first, HostCpu[] cpus)
    {
        var known = cpus[0].Namespaces ?? [first];
        NetStack[] all = [.. known, stack];
        stack.Number = known.Length;
        if (first.Mibs.Length == 0) first.Mibs = [.. cpus.Select(cpu => cpu.Mib)];
        stack.Mibs = [.. cpus.Select(_ => new MibSet())];
        foreach (var cpu in cpus) cpu.Namespaces = all;
    }

    private VethDevice AddVeth(Host host, DeviceSettings settings, int ifIndex)
    {
        var veth = new VethDevice(ifIndex, settings.Name, new MacAddress(ToNumber(settings.Mac)), settings.Mtu, host.Stack, host.Cpus.Length)
        {
            Features = FeaturesOf(settings.Features),
            RxSteering = CardTranslation.RxSteering(settings, host.RpsDefaultMask, _scenario.Hosts[host.Index].Cpus, host.Settings.Kernel),
        };
        if (settings.Features.Gro)
        {
            veth.Queue = new VethQueue(veth, _napiId++, _layer.Settings.Jiffies, !_layer.IsVirtual);
            (veth.Queue.Napi.Weight, veth.Queue.Napi.GroFlushTimeout, veth.Queue.Napi.DeferHardIrqs) =
                (settings.Napi.Weight, settings.Napi.GroFlushTimeout, settings.Napi.DeferHardIrqs);
        }

        SetCapture(veth, new DevicePort(host.Name, settings.Name));
        host.Veths.Add(veth);
        _veths.Add(new DevicePort(host.Name, settings.Name), (veth, settings.Peer!.Value));
        return veth;
    }

    private void JoinVeths()
    {
        foreach (var (device, peer) in _veths.Values) device.Peer = _veths[peer].Device;
    }

    private static NicFeatures FeaturesOf(FeatureSettings settings)
    {
        var features = NicFeatures.None;
        foreach (var (isOn, feature) in (ReadOnlySpan<(bool, NicFeatures)>)
            [
                (settings.Rx, NicFeatures.RxChecksum), (settings.Tx, NicFeatures.TxChecksum), (settings.Sg, NicFeatures.ScatterGather), (settings.Tso, NicFeatures.Tso),
                (settings.Gso, NicFeatures.Gso), (settings.Uso, NicFeatures.Uso), (settings.Gro, NicFeatures.Gro), (settings.UdpGroForwarding, NicFeatures.UdpGroForwarding),
            ])
        {
            if (isOn) features |= feature;
        }

        return features;
    }
}
