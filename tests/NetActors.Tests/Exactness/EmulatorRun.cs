using System.Globalization;
using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Nic;
using NetActors.Time;

namespace NetActors.Tests.Exactness;

/// <summary>A small scenario through the emulator, from its YAML on.</summary>
internal static class EmulatorRun
{
    public const string Source = "198.18.0.1";
    public const string Address = "10.0.0.1";
    public const ushort FirstPort = 9000;

    public static (List<SimEvent> Events, SimCounters Counters) Of(SmallScenario small, long quantumNs = 0)
    {
        var recorder = new EventRecorder();
        var options = new SimulationOptions { Trace = recorder, OpenReplay = _ => FramesOf(small) };
        using var simulation = Simulation.Start(FileOf(small, quantumNs), options);
        simulation.RunUntil(KernelTime.FromSeconds(50));
        Assert.Empty(simulation.Failures);
        var snapshot = simulation.Snapshot();
        Assert.True(snapshot.Conservation.Holds, $"{snapshot.Conservation.Missing} packets are missing");
        return ([.. recorder.Events], CountersOf(snapshot)); // shutting down wakes who still waits
    }

    /// <summary>The scenario as a user would write it; what a file cannot say is set afterwards.</summary>
    public static ScenarioFile FileOf(SmallScenario small, long quantumNs)
    {
        var read = ScenarioReader.ReadText(Yaml(small, quantumNs), "small.yaml");
        Assert.True(read.Scenario is not null, string.Join("\n", read.Faults));
        var host = read.Scenario.Hosts[0];
        var device = host.Devices[0] with { Ring = host.Devices[0].Ring with { Rx = small.Ring } }; // files begin at 64
        return read.Scenario with { CostModel = small.Costs, Hosts = [host with { Devices = [device] }] };
    }

    public static FrameQueue FramesOf(SmallScenario small)
    {
        var queue = new FrameQueue(small.Frames.Length + 1);
        foreach (var frame in small.Frames)
        {
            var flow = small.Flows[frame.Flow];
            var bytes = Frames.Udp(Source, flow.SourcePort, Address, (ushort)(FirstPort + flow.Socket), frame.Bytes - ReferenceSimulator.HeaderBytes);
            queue.TryOffer(bytes.At(frame.Arrival) with { Id = frame.Id });
        }

        return queue;
    }

    private static string Yaml(SmallScenario s, long quantumNs)
    {
        var affinity = string.Join(", ", s.Affinity.Select((cpu, q) => $"eth0-TxRx-{q}: \"{cpu}\""));
        var rps = s.RpsCpus.Length == 0 ? "" : $"\n        queues-sysfs: {{ rx-*: {{ rps_cpus: \"{s.RpsCpus.Sum(c => 1 << c):x}\" }} }}";
        var v6 = s.Kernel == KernelVersion.V310 ? "" : $"\n      net.core.netdev_budget_usecs: {s.BudgetUsecs}";
        var tasks = string.Join("", s.Sinks.Select((sink, i) =>
            $"\n      - {{ name: sink{i}, program: udp-sink, cpus: \"{string.Join(',', sink.Cpus.Distinct())}\", threads: {sink.Cpus.Length}, pin: on, "
            + $"bind: \"0.0.0.0:{FirstPort + i}\", batch: {sink.Batch}, service: {sink.Service}ns, rcvbuf: {sink.RcvBufPackets * ReferenceSimulator.TrueSize / 2}B }}"));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            seed: 1
            duration: 50s
            kernel: "{{(s.Kernel == KernelVersion.V310 ? "3.10" : "6.x")}}"
            clock: { quantum: {{quantumNs}}ns, hz: {{(s.Hz == 0 ? "exact" : s.Hz)}} }
            cost-model: none
            hosts:
              host:
                cpus: {{s.Cpus}}
                sysctl:
                  net.core.netdev_budget: {{s.Budget}}
                  net.core.dev_weight: {{s.DevWeight}}
                  net.core.netdev_max_backlog: {{s.MaxBacklog}}{{v6}}
                softirq: { defer_to_running_ksoftirqd: {{(s.DeferToRunningKsoftirqd ? "on" : "off")}} }
                devices:
                  eth0:
                    mac: 02:00:00:00:00:01
                    addresses: [10.0.0.1/24]
                    queues: {{s.Queues}}
                    coalesce: { rx-usecs: {{s.RxUsecs}}, rx-frames: {{s.RxFrames}}, model: {{(s.Throttle ? "throttle" : "events")}} }
                    features: { gro: off }
                    rx-flow-hash: { udp4: sdfn }
                    napi: { weight: {{s.Weight}} }
                    smp_affinity_list: { {{affinity}} }{{rps}}
                tasks:{{tasks}}
            traffic:
              - { name: frames, to: host.eth0, kind: replay, file: "{{typeof(EmulatorRun).Assembly.Location}}" }
            """);
    }

    private static SimCounters CountersOf(SimulationSnapshot snapshot)
    {
        var host = snapshot.Hosts[0];
        var all = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var cpu in host.Cpus)
        {
            var row = $"cpu{cpu.Id}";
            all[$"{row} processed"] = cpu.Softnet.Processed;
            all[$"{row} dropped"] = cpu.Softnet.Dropped;
            all[$"{row} time_squeeze"] = cpu.Softnet.TimeSqueeze;
            all[$"{row} received_rps"] = cpu.Softnet.ReceivedRps;
            all[$"{row} NET_RX"] = cpu.Softirqs.NetRx;
            all[$"{row} ksoftirqd wakeups"] = cpu.KsoftirqdWakeups;
            for (var q = 0; q < host.Interrupts.Count; q++) all[$"{row} vector {q}"] = host.Interrupts[q].PerCpu[cpu.Id];
        }

        foreach (var queue in host.Devices[1].Queues.Where(q => q.Direction == QueueDirection.Rx)) all[$"queue {queue.Index} drops"] = queue.Drops;
        foreach (var socket in host.Sockets)
        {
            all[$"socket {socket.Inode} delivered"] = socket.Delivered;
            all[$"socket {socket.Inode} drops"] = socket.Drops;
        }

        SkbDropReason[] none = [SkbDropReason.HW_NO_DESCRIPTOR, SkbDropReason.HW_FIFO_FULL, SkbDropReason.CPU_BACKLOG, SkbDropReason.SOCKET_RCVBUFF];
        foreach (var reason in none) all[$"drop {reason}"] = 0;
        foreach (var drop in host.Drops) all[$"drop {drop.Reason}"] = drop.Count;
        return new SimCounters(all);
    }
}
