using System.Net;
using System.Net.NetworkInformation;
using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Irq;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>Turns a scenario that was read into hosts, cards, wires and traffic.</summary>
internal sealed partial class SimulationPlanner
{
    private const int LoopbackIndex = 1;
    private const int FramesUnderWay = 1 << 16; // of large packets, between the cards that cut and those that receive
    private const int FrameRoom = 1514 + 18 + NicReceive.HeadroomBytes;
    private readonly ScenarioFile _scenario;
    private readonly ExecutionLayer _layer;
    private readonly SimulationOptions _options;
    private readonly SimulationPlan _plan = new();
    private readonly Dictionary<DevicePort, List<IFrameSource>> _sources = [];
    private readonly Dictionary<DevicePort, WireModel> _incoming = [];
    private readonly Dictionary<DevicePort, NicDevice> _cards = [];
    private int _napiId;

    private SimulationPlanner(ScenarioFile scenario, ExecutionLayer layer, SimulationOptions options)
    {
        (_scenario, _layer, _options) = (scenario, layer, options);
        _napiId = 8192 + 1; // above NR_CPUS, so that a NAPI id is never taken for a CPU
    }

    public static SimulationPlan Plan(ScenarioFile scenario, ExecutionLayer layer, SimulationOptions options)
    {
        var planner = new SimulationPlanner(scenario, layer, options);
        foreach (var host in scenario.Hosts) planner.AddHost(host);
        planner.JoinVeths();
        foreach (var wire in scenario.Wires) planner.AddWire(wire);
        foreach (var traffic in scenario.Traffic) planner.AddTraffic(traffic);
        planner.Plug();
        planner._plan.Names = TraceNaming.Of(planner._plan);
        return planner._plan;
    }

    private KernelRandom RandomFor(string part) => KernelRandom.For(_scenario.Seed, part);

    private void AddHost(HostSettings settings)
    {
        if (settings.NetnsOf is { } machine)
        {
            AddNamespace(settings, _plan.Hosts.First(h => h.Name == machine));
            return;
        }

        var index = _plan.Hosts.Count;
        var kernel = _scenario.Kernel;
        var view = HostTranslation.View(settings, kernel);
        var cpus = new HostCpu[settings.Cpus.Count];
        var napis = HostTranslation.Napis(settings);
        var topology = settings.Cpus.Topology;
        for (var i = 0; i < cpus.Length; i++)
        {
            var cpu = _layer.AddCpu(settings.Name, i, topology, settings.CostModel);
            cpus[i] = new HostCpu(cpu, view, index, _napiId++) { Trace = _options.Trace, TcpProbe = _options.TcpProbe, Napis = napis };
            _plan.Pools.Add(cpus[i].Pool);
            _plan.Pools.Add(cpus[i].LargePool);
        }

        var domain = _layer.IsVirtual ? new RootDomain([.. cpus.Select(c => c.Cpu)]) : null;
        foreach (var cpu in cpus) (cpu.Siblings, cpu.Domain) = (cpus, domain);
        var stack = new NetStack(cpus, view, HostTranslation.Network(settings, kernel, _layer.Settings.Jiffies), RandomFor($"{settings.Name}/stack"), RandomFor($"{settings.Name}/tcp"), !_layer.IsVirtual) { TimerCpu = cpus[0], Raw = HostTranslation.Raw(settings.RawRules) };
        HostTranslation.Set(stack.Tcp, settings, kernel);
        HostTranslation.SetSteering(stack, settings, kernel);
        _plan.Pools.Add(stack.FragmentPool);
        var host = new Host(settings.Name, index, view, cpus, stack) { RpsDefaultMask = kernel == KernelVersion.V310 ? CpuSet.Empty : settings.Sysctl.Cpus("net.core.rps_default_mask") };
        _plan.Hosts.Add(host);
        var pools = _plan.Pools.Count - 1 - (2 * cpus.Length);
        AddDevices(host, settings);
        CaptureDrops(host, _plan.Pools.Skip(pools));
        TaskPlanner.AddTasks(host, settings, _scenario, _plan);
        TaskPlanner.Bind(host, settings);
        host.Knobs = new HostKnobs(host, settings, _layer);
    }

    /// <summary>What the host drops goes into the capture, but for what belongs to a card that is not captured.</summary>
    private void CaptureDrops(Host host, IEnumerable<SkbPool> pools)
    {
        if (_options.Capture is null || host.Nics.All(n => n.Capture is null)) return;
        var devices = host.Stack.Devices;
        var drops = DropCapture.OfHost(
            _options.Capture, _layer, host.Name, i => i <= LoopbackIndex || i > devices.Length || devices[i - 1].Capture is not null);
        foreach (var pool in pools) pool.Observer = drops;
        foreach (var nic in host.Nics.Where(n => n.Capture is not null)) nic.Receive.Attach(drops);
        _plan.DropCaptures.Add(drops);
    }

    private DropCapture? CaptureDrops(string direction, NicDevice from)
    {
        if (_options.Capture is null || from.Capture is null) return null;
        var drops = DropCapture.OfWire(_options.Capture, _layer, direction);
        _plan.DropCaptures.Add(drops);
        return drops;
    }

    private void AddDevices(Host host, HostSettings settings)
    {
        var devices = new List<NetDevice> { new LoopbackDevice(LoopbackIndex, host.Stack, host.Cpus.Length) };
        var inet = new List<InetDevice> { HostTranslation.Loopback(LoopbackIndex) };
        var irq = 24;
        foreach (var device in settings.Devices)
        {
            var ifIndex = devices.Count + 1;
            if (device.Peer is not null)
            {
                var veth = AddVeth(host, device, ifIndex);
                devices.Add(veth);
                inet.Add(HostTranslation.Device(device, settings, ifIndex, veth.Address));
                continue;
            }

            var card = AddCard(host, device, ifIndex, ref irq);
            devices.Add(card);
            inet.Add(HostTranslation.Device(device, settings, ifIndex, card.Address));
        }

        host.Stack.Devices = [.. devices];
        host.IpForward = HostTranslation.IsForwarding(settings);
        host.Routes = [.. HostTranslation.Routes(settings, inet)];
        host.Stack.Net = Ipv4Snapshot.Create(inet, host.Routes, _scenario.Kernel);
        host.Stack.SwitchLroOff();
        foreach (var neighbour in settings.Neighbours) HostTranslation.Add(host.Stack.Neighbours, neighbour, inet);
    }

    private NicDevice AddCard(Host host, DeviceSettings settings, int ifIndex, ref int irq)
    {
        var port = new DevicePort(host.Name, settings.Name);
        var address = new MacAddress(ToNumber(settings.Mac));
        var pools = new SkbPool[settings.Queues];
        for (var i = 0; i < pools.Length; i++)
        {
            var room = Math.Max(2048, settings.Mtu + 18 + NicReceive.HeadroomBytes);
            pools[i] = new SkbPool(room, 1 << 20, !_layer.IsVirtual, host.Settings.Kernel);
            _plan.Pools.Add(pools[i]);
        }

        var (receive, ethtool) = CardTranslation.Receive(settings, address, pools, _layer.Settings.Jiffies);
        var frames = new SkbPool(Math.Max(2048, settings.Mtu + EthernetHeader.Size), FramesUnderWay, !_layer.IsVirtual, host.Settings.Kernel);
        _plan.Pools.Add(frames);
        var card = new NicDevice(
            ifIndex, settings.Name, address, settings.Mtu, host.Cpus.Length, receive, ethtool, new(settings.Arfs.Rules, settings.Arfs.Delay, settings.Arfs.Scan), settings.Ring.Tx, frames, _napiId, settings.Napi.Weight)
        { IsLazy = _layer.IsVirtual };
        _napiId += settings.Queues;
        SetXdp(host, card, settings.Xdp);
        card.Irqs = new IrqDescriptor[settings.Queues];
        for (var i = 0; i < settings.Queues; i++)
        {
            card.Napis[i].GroFlushTimeout = settings.Napi.GroFlushTimeout;
            card.Napis[i].DeferHardIrqs = settings.Napi.DeferHardIrqs;
            card.Napis[i].IrqSuspendTimeout = settings.Napi.IrqSuspendTimeout;
            if (settings.Driver != DriverKind.NetifRx && host.Settings.Kernel == KernelVersion.V6) host.Cpus[0].Napis.Add(card.Napis[i]); // 3.10 has no busy polling
            HostCpu[] affinity = i < settings.SmpAffinity.Count && settings.SmpAffinity[i].Count > 0
                ? [.. settings.SmpAffinity[i].Select(c => host.Cpus[c])]
                : [host.Cpus[i % host.Cpus.Length]];
            var bound = settings.Napi.ThreadCpus;
            card.Napis[i].IsThreaded = settings.Napi.Threaded;
            if (settings.Napi.Threaded)
                card.Napis[i].Thread = new NapiThread(card.Napis[i], bound.Count > 0 ? host.Cpus[bound[i % bound.Count]] : affinity[0], $"napi/{settings.Name}-{card.Napis[i].Id}");
            if (settings.Driver == DriverKind.Napi && host.Settings.Kernel == KernelVersion.V6)
                receive.Queue(i).Attach(new RxBuffers(new PagePool(settings.Ring.Rx), card.Napis[i]));
            card.Irqs[i] = new IrqDescriptor(
                irq++, $"PCI-MSIX-0000:{ifIndex:x2}:00.0", $"{settings.Name}-TxRx-{i}", card.Napis[i], affinity, host.Cpus.Length);
            if (settings.Driver == DriverKind.NetifRx) card.Irqs[i].Handler = new NetifRxHandler(card, i, host.Stack, _layer.IsVirtual);
        }

        card.Attach(
            host.Stack, host.Settings, _layer.IsVirtual ? 1 : host.Cpus.Length, settings.TxQueueLength, settings.Speed,
            queue => RandomFor($"{host.Name}/{settings.Name}/qdisc{queue}"));
        card.OnAffinity(host.Cpus);
        card.Xps = CardTranslation.Xps(settings, host.Cpus.Length);
        card.TxSteering = card.Xps.Steering(card.QueuesInUse);
        for (var i = 0; i < settings.Queues; i++) card.TxQueues[i].Limits = CardTranslation.Limits(settings.QueueSettings[i].Limits);
        foreach (var command in settings.Tc)
        {
            if (card.Qdiscs.Apply(command, KernelTime.Zero) is { } fault) throw new ScenarioException($"{host.Name}.{settings.Name}: {command}: {fault}");
        }

        card.RxSteering = CardTranslation.RxSteering(settings, host.RpsDefaultMask, _scenario.Hosts[host.Index].Cpus, host.Settings.Kernel);
        SetCapture(card, port);
        host.Nics.Add(card);
        _cards.Add(port, card);
        _sources.Add(port, []);
        return card;
    }

    private void SetCapture(NetDevice device, DevicePort port)
    {
        if (_options.Capture is null || (_scenario.Report.Capture.Count > 0 && !_scenario.Report.Capture.Contains(port))) return;
        device.Capture = _options.Capture;
        device.CaptureId = _options.Capture.AddInterface($"{port.Host}/{port.Device}", 1);
    }

    private void AddWire(Scenarios.WireSettings settings)
    {
        var name = $"{settings.A}-{settings.B}";
        var model = new Links.WireSettings
        {
            BitsPerSecond = settings.Rate,
            PropagationDelay = settings.Delay,
            QueueFrames = settings.Queue,
            Loss = settings.Loss,
            Duplication = settings.Duplicate,
            Reordering = settings.Reorder,
            ReorderDelay = settings.ReorderDelay,
            Corruption = settings.Corrupt,
        };
        var (a, b) = (_cards[settings.A], _cards[settings.B]);
        var (ab, ba) = ($"{settings.A}>{settings.B}", $"{settings.B}>{settings.A}");
        var toB = new WireModel(model, RandomFor($"wire/{ab}"), CaptureDrops(ab, a));
        var toA = new WireModel(model, RandomFor($"wire/{ba}"), CaptureDrops(ba, b));
        (_incoming[settings.B], _incoming[settings.A]) = (toB, toA);
        _sources[settings.B].Add(toB);
        _sources[settings.A].Add(toA);
        _plan.Wires.Add(new PlannedWire(
            name, $"wire-{_plan.Wires.Count}", [new WireEnd(a, toB, b), new WireEnd(b, toA, a)], [ab, ba]));
    }

    private void AddTraffic(TrafficSettings settings)
    {
        var card = _cards[settings.To];
        var (source, flows) = settings switch
        {
            ReplaySettings replay => (
                _options.OpenReplay?.Invoke(replay) ?? throw new ScenarioException($"traffic {replay.Name}: this program cannot open captures"), 0),
            GeneratedTrafficSettings generated => (
                TrafficPlanner.Flood(generated, card, RandomFor($"traffic/{settings.Name}"), _scenario.Seed, _plan.Traffic.Count), generated.Flows.Count),
            _ => throw new ScenarioException($"traffic {settings.Name}: an unknown kind"),
        };
        _sources[settings.To].Add(source);
        _plan.Traffic.Add(new PlannedTraffic(settings.Name, source, card, flows));
    }

    /// <summary>Gives each card its source; one without a wire gets one whose far end takes what it sends.</summary>
    private void Plug()
    {
        foreach (var (port, card) in _cards)
        {
            var sources = _sources[port];
            IFrameSource source = sources.Count switch
            {
                0 => new NoSource(),
                1 => sources[0],
                _ => new MergedSource([.. sources]),
            };
            card.Receive.Attach(source);
            var incoming = _incoming.GetValueOrDefault(port);
            _plan.Cards.Add(new PlannedCard(_plan.Hosts.First(h => h.Name == port.Host), card, source, incoming));
            if (incoming is not null) continue;
            var away = new WireModel(new Links.WireSettings { BitsPerSecond = 0 }, RandomFor($"wire/{port}>outside"));
            _plan.Wires.Add(new PlannedWire($"{port}-outside", $"wire-{_plan.Wires.Count}", [new WireEnd(card, away, null)], [$"{port}>outside"]));
        }
    }

    internal static ulong ToNumber(PhysicalAddress address)
    {
        var number = 0UL;
        foreach (var part in address.GetAddressBytes()) number = (number << 8) | part;
        return number;
    }

    internal static uint ToNumber(IPAddress address) => Scenarios.Ipv4Prefix.ToNumber(address);
}
