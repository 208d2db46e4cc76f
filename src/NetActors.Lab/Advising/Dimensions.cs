using NetActors.Lab.Tuning;
using NetActors.Scenarios;

namespace NetActors.Lab.Advising;

/// <summary>One thing that the search changes.</summary>
/// <param name="Name">What.</param>
/// <param name="Options">The settings it tries, made for the scenario as it is by then.</param>
internal sealed record Dimension(string Name, Func<ScenarioFile, IEnumerable<Knob>> Options);

/// <summary>What <c>advise</c> changes, in this order, card by card.</summary>
internal static class Dimensions
{
    private const int MostCards = 4;
    private static readonly int[] Queues = [1, 2, 4, 8, 16, 32, 64];
    private static readonly int[] Usecs = [0, 8, 25, 60, 150];
    private static readonly int[] Rings = [256, 1024, 4096];
    private static readonly int[] BusyPolls = [0, 50];
    private static readonly (int Polls, int Usecs)[] Deferrals = [(0, 0), (2, 20), (20, 50), (100, 200)];

    /// <summary>The dimensions of a host.</summary>
    public static IReadOnlyList<Dimension> Of(ScenarioFile scenario, string host)
    {
        var found = new List<Dimension>();
        foreach (var name in HostOf(scenario, host).Devices.Take(MostCards).Select(d => d.Name))
        {
            found.Add(new Dimension($"queues of {name}", s => Queues.Where(n => n <= CpusOf(s)).Select(n => Knobs.Queues(host, name, n))));
            found.Add(new Dimension($"interrupts of {name}", s => Affinities(s, name)));
            found.Add(new Dimension($"steering of {name}", s => Steering(s, name)));
            found.Add(new Dimension($"coalescing of {name}", s => [.. Usecs.Select(u => Knobs.Coalesce(host, name, u, u == 0 ? 1 : 0)), Knobs.Adaptive(host, DeviceOf(s, name))]));
            if (scenario.Kernel == KernelVersion.V6) found.Add(new Dimension($"deferral of {name}", _ => Deferrals.Select(d => Knobs.Defer(host, name, d.Polls, d.Usecs))));
            if (scenario.Kernel == KernelVersion.V6) found.Add(new Dimension($"polling of {name}", s => Polling(s, name)));
            found.Add(new Dimension($"transmit queues of {name}", s => Transmit(s, name)));
            found.Add(new Dimension($"GRO of {name}", _ => [Knobs.Feature(host, name, "gro", true), Knobs.Feature(host, name, "gro", false)]));
            found.Add(new Dimension($"ring of {name}", _ => Rings.Select(n => Knobs.Ring(host, name, n))));
        }

        found.Add(new Dimension("backlog", _ => [Knobs.Sysctl(host, "net.core.netdev_max_backlog", 1000), Knobs.Sysctl(host, "net.core.netdev_max_backlog", 10_000)]));
        found.Add(new Dimension("budget", _ => [Knobs.Sysctl(host, "net.core.netdev_budget", 300), Knobs.Sysctl(host, "net.core.netdev_budget", 600)]));
        return found;

        IEnumerable<Knob> Polling(ScenarioFile s, string name)
        {
            var settings = HostOf(s, host);
            foreach (var usecs in BusyPolls) yield return Knobs.BusyPoll(host, usecs);
            if (Knobs.EpollPrograms(settings).Any()) yield return Knobs.Suspend(settings, DeviceOf(s, name));
        }

        IEnumerable<Knob> Transmit(ScenarioFile s, string name)
        {
            var device = DeviceOf(s, name);
            if (device.Queues < 2) yield break;
            yield return Knobs.XpsByCpu(HostOf(s, host), device);
            if (s.Kernel == KernelVersion.V6) yield return Knobs.XpsByRxQueue(HostOf(s, host), device);
        }

        DeviceSettings DeviceOf(ScenarioFile s, string name) => HostOf(s, host).Devices.First(d => d.Name == name);

        int CpusOf(ScenarioFile s) => HostOf(s, host).Cpus.Count;

        IEnumerable<Knob> Affinities(ScenarioFile s, string name)
        {
            var settings = HostOf(s, host);
            var device = settings.Devices.First(d => d.Name == name);
            yield return Knobs.SpreadInterrupts(host, name, device.Queues);
            var tasks = settings.Tasks.SelectMany(t => t.Cpus).Distinct().Order().ToList();
            var others = Enumerable.Range(0, settings.Cpus.Count).Except(tasks).ToList();
            if (tasks.Count > 0) yield return Knobs.InterruptsOn(host, name, device.Queues, tasks);
            if (others.Count > 0 && tasks.Count > 0) yield return Knobs.InterruptsOn(host, name, device.Queues, others);
        }

        IEnumerable<Knob> Steering(ScenarioFile s, string name)
        {
            var settings = HostOf(s, host);
            var device = settings.Devices.First(d => d.Name == name);
            yield return Knobs.Rps(settings, device, CpuSet.Empty);
            if (settings.Cpus.Count < 2) yield break;
            var all = CpuSet.First(settings.Cpus.Count);
            var interrupted = device.SmpAffinity.Take(device.Queues).Select(a => a[0]).ToHashSet();
            var others = new CpuSet(all.Where(c => !interrupted.Contains(c)));
            yield return Knobs.Rps(settings, device, all);
            if (others.Count > 0) yield return Knobs.Rps(settings, device, others);
            yield return Knobs.Rfs(settings, device, all);
        }
    }

    private static HostSettings HostOf(ScenarioFile scenario, string host) => scenario.Hosts.First(h => h.Name == host);
}
