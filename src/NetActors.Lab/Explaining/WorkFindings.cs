using NetActors.Costs;
using NetActors.Lab.Tuning;
using NetActors.Observe;
using NetActors.Scenarios;

namespace NetActors.Lab.Explaining;

/// <summary>Work that fills CPUs: programs, locks, lines of other nodes; and hosts that ask too little.</summary>
internal static class WorkFindings
{
    private const double MuchOfWork = 0.15;

    /// <summary>What is to be found.</summary>
    public static IEnumerable<Bottleneck> Of(Evidence e)
    {
        var remote = e.ShareOf(CostOp.CacheMissRemoteNode);
        if (remote >= MuchOfWork)
            yield return new Bottleneck(BottleneckKind.RemoteNuma, e.Host.Name, $"{remote:P0} of the CPUs' work is waiting for lines of another node", Nearer(e));
        var locked = e.ShareOf(CostOp.LockContended);
        if (locked >= MuchOfWork)
            yield return new Bottleneck(BottleneckKind.Lock, e.Host.Name, $"{locked:P0} of the CPUs' work is locks that another CPU had", Unlocked(e));
        var full = Enumerable.Range(0, e.Cpus).Where(c => e.IsFull(c) && e.InTasks(c) >= 0.5).ToList();
        if (full.Count > 0)
        {
            yield return new Bottleneck(BottleneckKind.SlowApplication, $"CPU{(full.Count == 1 ? "" : "s")} {new CpuSet(full)}",
                $"{full.Count} of {e.Cpus} CPUs are full, {full.Average(e.InTasks):P0} of their time in programs and their calls", Faster(e));
        }
        else if (e.Mib(LinuxMib.TCPToZeroWindowAdv) > 0)
        {
            yield return new Bottleneck(BottleneckKind.SlowApplication, string.Join(", ", e.Host.Tasks.Select(t => t.Name)),
                $"the program reads too slowly: {e.Mib(LinuxMib.TCPToZeroWindowAdv)} times the receive window closed (TCPToZeroWindowAdv)", Faster(e));
        }

        foreach (var (host, begin) in e.Run.End.All.Hosts.Zip(e.Run.Begin.All.Hosts))
        {
            if (host.Name == e.Host.Name || e.Run.Scenario.Hosts.First(h => h.Name == host.Name).Tasks.Count == 0) continue;
            var busy = host.Cpus.Zip(begin.Cpus, (a, b) => (double)(Runs.Metric.Busy(a) - Runs.Metric.Busy(b)) / e.Run.Window.Nanoseconds).ToList();
            if (busy.Max() >= Evidence.Full)
                yield return new Bottleneck(BottleneckKind.Client, host.Name, $"CPU {busy.IndexOf(busy.Max())} of {host.Name} is {busy.Max():P0} busy: those who ask are the limit", []);
        }
    }

    private static List<Knob> Nearer(Evidence e)
    {
        var knobs = new List<Knob>();
        if (e.Host.Devices.Count == 0) return knobs;
        var (device, cpus) = (e.Host.Devices[0], e.InterruptCpus(e.Host.Devices[0]));
        if (cpus.Count == 0) return knobs;
        foreach (var task in e.Host.Tasks)
        {
            var near = new CpuSet(Beside(e, cpus[0], cpus, task.Threads));
            knobs.Add(Knobs.Other($"{task.Name} on the interrupts' node (taskset -c {near})", $"hosts.{e.Host.Name}.tasks.{task.Name}.cpus=\"{near}\""));
        }

        var there = e.Host.Tasks.SelectMany(t => t.Cpus).Distinct().Order().ToList();
        if (there.Count > 0) knobs.Add(Knobs.InterruptsOn(e.Host.Name, device.Name, device.Queues, Beside(e, there[0], there, cpus.Count)));
        return knobs;
    }

    // CPUs of the node of one, those that are not taken if there are enough of them.
    private static List<int> Beside(Evidence e, int one, IReadOnlyList<int> taken, int wanted)
    {
        var all = e.Run.End.Host.Cpus;
        var node = all.Where(c => c.Node == all[one].Node).Select(c => c.Id).ToList();
        var free = node.Except(taken).ToList();
        return free.Count >= Math.Min(wanted, node.Count) ? free : node;
    }

    private static List<Knob> Unlocked(Evidence e)
    {
        var knobs = new List<Knob>();
        foreach (var device in e.Host.Devices.Where(d => d.Queues < Math.Min(64, e.Cpus))) knobs.Add(Knobs.Queues(e.Host.Name, device.Name, Math.Min(64, e.Cpus)));
        foreach (var task in e.Host.Tasks.OfType<UdpServerSettings>().Where(t => t is { ReusePort: false, Threads: > 1 }))
            knobs.Add(Knobs.Other($"a socket a thread in {task.Name} (SO_REUSEPORT)", $"hosts.{e.Host.Name}.tasks.{task.Name}.reuseport=on"));
        return knobs;
    }

    private static List<Knob> Faster(Evidence e)
    {
        var knobs = new List<Knob>();
        foreach (var task in e.Host.Tasks)
        {
            var key = $"hosts.{e.Host.Name}.tasks.{task.Name}";
            if (task.Threads * 2 <= e.Cpus)
                knobs.Add(Knobs.Other($"{task.Threads * 2} threads of {task.Name} on any CPU", [$"{key}.threads={task.Threads * 2}", $"{key}.cpus=\"0-{e.Cpus - 1}\"", .. Shared(task, key)]));
            if (task is UdpServerSettings { Batch: 1 }) knobs.Add(Knobs.Other($"recvmmsg of 32 in {task.Name}", $"{key}.batch=32"));
            if (task is TcpServerSettings { Pause.Nanoseconds: > 0 }) knobs.Add(Knobs.Other($"no pause in {task.Name}", $"{key}.pause=0ns"));
            var service = task switch { TcpServerSettings t => t.Service, UdpServerSettings u => u.Service, _ => default };
            if (service.Nanoseconds > 1) knobs.Add(Knobs.Other($"half the work a request in {task.Name}", $"{key}.service={service.Nanoseconds / 2}ns"));
        }

        return knobs;
    }

    // More threads of a UDP server gain little over one socket.
    private static string[] Shared(TaskSettings task, string key) => task is UdpServerSettings { ReusePort: false } ? [$"{key}.reuseport=on"] : [];
}
