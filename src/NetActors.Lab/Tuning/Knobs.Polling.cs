using System.Globalization;
using NetActors.Scenarios;

namespace NetActors.Lab.Tuning;

/// <content>What is done about interrupts besides holding them back for a fixed time, and which queue a packet leaves by.</content>
internal static partial class Knobs
{
    private const int SuspendNanoseconds = 20_000_000; // what the series that brought it measured with
    private const int SuspendBudget = 64;

    /// <summary>Interrupt moderation by the driver's own judgement, of both directions where the card tells them apart.</summary>
    public static Knob Adaptive(string host, DeviceSettings device)
    {
        var (name, key) = (device.Name, $"hosts.{host}.devices.{device.Name}.coalesce");
        return device.Coalesce.Model == CoalesceModel.Throttle
            ? new Knob($"adaptive-rx on {name}", [$"{key}.adaptive-rx=on"], [$"ethtool -C {name} adaptive-rx on"])
            : new Knob($"adaptive-rx and adaptive-tx on {name}", [$"{key}.adaptive-rx=on", $"{key}.adaptive-tx=on"], [$"ethtool -C {name} adaptive-rx on adaptive-tx on"]);
    }

    /// <summary>Reads, polls and epoll waits look at the card themselves for so long before they sleep; 0 is never.</summary>
    public static Knob BusyPoll(string host, int microseconds) => new(
        microseconds == 0 ? "no busy polling" : $"busy polling for {Number(microseconds)} us",
        [$"hosts.{host}.sysctl.net.core.busy_read={Number(microseconds)}", $"hosts.{host}.sysctl.net.core.busy_poll={Number(microseconds)}"],
        [$"sysctl -w net.core.busy_read={Number(microseconds)}", $"sysctl -w net.core.busy_poll={Number(microseconds)}"]);

    /// <summary>Interrupts of a device stay away while programs keep finding events by epoll; else they are deferred (Linux 6.13).</summary>
    public static Knob Suspend(HostSettings host, DeviceSettings device)
    {
        var programs = EpollPrograms(host).ToList();
        var napi = $"hosts.{host.Name}.devices.{device.Name}.napi";
        var set = new List<string> { $"{napi}.napi_defer_hard_irqs=100", $"{napi}.gro_flush_timeout=20us", $"{napi}.irq_suspend_timeout={Number(SuspendNanoseconds)}ns" };
        foreach (var task in programs)
        {
            var key = $"hosts.{host.Name}.tasks.{task.Name}";
            set.AddRange([$"{key}.epoll_prefer_busy_poll=on", $"{key}.epoll_busy_poll_budget={Number(SuspendBudget)}", $"{key}.epoll_busy_poll=0ns"]);
        }

        return new Knob($"suspend interrupts of {device.Name} while {string.Join(", ", programs.Select(t => t.Name))} is busy", set,
        [
            $"for n in $(ynl --family netdev --dump napi-get | jq '.[].id'); do ynl --family netdev --do napi-set --json "
                + $"\"{{\\\"id\\\": $n, \\\"defer-hard-irqs\\\": 100, \\\"gro-flush-timeout\\\": 20000, \\\"irq-suspend-timeout\\\": {Number(SuspendNanoseconds)}}}\"; done",
            .. programs.Select(t => string.Create(CultureInfo.InvariantCulture,
                $"# in {t.Name}, for each epoll instance: ioctl(epfd, EPIOCSPARAMS, &(struct epoll_params){{ .busy_poll_usecs = 0, .busy_poll_budget = {SuspendBudget}, .prefer_busy_poll = 1 }})")),
        ]);
    }

    /// <summary>Programs that wait by epoll: who can keep interrupts away.</summary>
    public static IEnumerable<TcpTaskSettings> EpollPrograms(HostSettings host) =>
        host.Tasks.OfType<TcpTaskSettings>().Where(t => t.Io is TcpIo.Epoll or TcpIo.EpollEdge);

    /// <summary>Each CPU sends through a queue of its own, as far as there are (XPS by CPU).</summary>
    public static Knob XpsByCpu(HostSettings host, DeviceSettings device) => Xps(host, device, $"XPS of {device.Name} by CPU",
        queue => ("xps_cpus", new CpuSet(Enumerable.Range(0, host.Cpus.Count).Where(cpu => cpu % device.Queues == queue)).ToMask(host.Cpus.Count)));

    /// <summary>A connection sends through the queue that it receives by (XPS by receive queue).</summary>
    public static Knob XpsByRxQueue(HostSettings host, DeviceSettings device) => Xps(host, device, $"XPS of {device.Name} by receive queue",
        queue => ("xps_rxqs", new CpuSet([queue]).ToMask(device.Queues)));

    private static Knob Xps(HostSettings host, DeviceSettings device, string name, Func<int, (string File, string Mask)> of)
    {
        var files = Enumerable.Range(0, device.Queues).Select(queue => (Queue: queue, Of: of(queue))).ToList();
        return new Knob(name,
            [.. files.Select(f => $"hosts.{host.Name}.devices.{device.Name}.queues-sysfs.tx-{Number(f.Queue)}.{f.Of.File}=\"{f.Of.Mask}\"")],
            [.. files.Select(f => $"echo {f.Of.Mask} > /sys/class/net/{device.Name}/queues/tx-{Number(f.Queue)}/{f.Of.File}")]);
    }
}
