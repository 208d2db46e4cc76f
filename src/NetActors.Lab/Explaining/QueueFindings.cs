using NetActors.Buffers;
using NetActors.Lab.Tuning;
using NetActors.Observe;
using NetActors.Scenarios;

namespace NetActors.Lab.Explaining;

/// <summary>Queues that overflow although those who empty them have time: bursts, not overload.</summary>
internal static class QueueFindings
{
    private const int LargestRing = 8192;
    private static readonly int[] RingFactors = [4, 16];

    /// <summary>What is to be found.</summary>
    public static IEnumerable<Bottleneck> Of(Evidence e)
    {
        foreach (var device in e.Host.Devices)
        {
            if (Ring(e, device) is { } ring) yield return ring;
        }

        var backlog = e.Drops(SkbDropReason.CPU_BACKLOG);
        var fullest = Enumerable.Range(0, e.Cpus).MaxBy(c => e.Run.GrownOn(c, s => s.Softnet.Dropped));
        if (backlog > 0 && !e.IsFull(fullest))
        {
            const string Limit = "net.core.netdev_max_backlog";
            var now = e.Host.Sysctl[Limit];
            yield return new Bottleneck(BottleneckKind.SmallBacklog, $"CPU {fullest}",
                $"backlogs of {now} packets refused {backlog} (softnet_stat, second column) while the CPU was {e.Busy(fullest):P0} busy",
                [Knobs.Sysctl(e.Host.Name, Limit, now * 10), Knobs.Sysctl(e.Host.Name, Limit, now * 100)]);
        }

        if (Accept(e) is { } accept) yield return accept;
        var buffers = e.Drops(SkbDropReason.SOCKET_RCVBUFF);
        if (buffers > 0 && !Enumerable.Range(0, e.Cpus).Any(c => e.IsFull(c) && e.InTasks(c) > 0.3)) yield return Buffer(e, buffers);
    }

    private static Bottleneck? Ring(Evidence e, DeviceSettings device)
    {
        long Missed(HostSnapshot h) => h.Devices.First(d => d.Name == device.Name) is var d
            ? d.Stats.RxMissedErrors + d.Queues.Where(q => q.Direction == QueueDirection.Rx).Sum(q => q.Drops) : 0;
        var drops = e.Run.Grown(Missed);
        var cpus = e.InterruptCpus(device);
        if (drops == 0 || cpus.Any(e.IsFull) || device.Ring.Rx >= LargestRing) return null;
        return new Bottleneck(BottleneckKind.SmallRing, device.Name,
            $"rings of {device.Ring.Rx} descriptors had no room for {drops} frames while the CPUs that empty them were {cpus.Select(e.Busy).DefaultIfEmpty().Max():P0} busy at most",
            [.. RingFactors.Select(f => Math.Min(LargestRing, device.Ring.Rx * f)).Distinct().Select(n => Knobs.Ring(e.Host.Name, device.Name, n)), Knobs.Coalesce(e.Host.Name, device.Name, 1, 1)]);
    }

    private static Bottleneck? Accept(Evidence e)
    {
        var overflows = e.Mib(LinuxMib.ListenOverflows);
        if (overflows == 0 || Enumerable.Range(0, e.Cpus).Any(c => e.IsFull(c) && e.InTasks(c) > 0.5)) return null;
        const string Limit = "net.core.somaxconn";
        var knobs = new List<Knob>();
        var servers = e.Host.Tasks.OfType<TcpServerSettings>().ToList();
        foreach (var server in servers)
        {
            var key = $"hosts.{e.Host.Name}.tasks.{server.Name}";
            var wider = Math.Max(4096, server.Backlog * 8);
            knobs.Add(new Knob($"listen backlog of {server.Name} {wider}", [$"{key}.backlog={wider}", $"hosts.{e.Host.Name}.sysctl.{Limit}={Math.Max(wider, e.Host.Sysctl[Limit])}"],
                [$"sysctl -w {Limit}={Math.Max(wider, e.Host.Sysctl[Limit])}"]));
            if (!server.ReusePort && server.Threads > 1) knobs.Add(Knobs.Other($"SO_REUSEPORT in {server.Name}", $"{key}.reuseport=on"));
        }

        return new Bottleneck(BottleneckKind.AcceptQueue, string.Join(", ", servers.Select(s => s.Name)),
            $"{overflows} connections found the accept queue full (ListenOverflows) while the server's CPUs had time", knobs);
    }

    private static Bottleneck Buffer(Evidence e, long drops)
    {
        const string Limit = "net.core.rmem_max";
        var readers = e.Host.Tasks.OfType<UdpTaskSettings>().ToList();
        return new Bottleneck(BottleneckKind.ReceiveBuffer, string.Join(", ", readers.Select(t => t.Name)),
            $"{drops} datagrams found a receive buffer full (RcvbufErrors) while no reader's CPU was",
            [.. readers.Select(t => new Knob($"receive buffer of {t.Name} 4 MiB",
                [$"hosts.{e.Host.Name}.tasks.{t.Name}.rcvbuf=4MiB", $"hosts.{e.Host.Name}.sysctl.{Limit}=4194304"], [$"sysctl -w {Limit}=4194304"]))]);
    }
}
