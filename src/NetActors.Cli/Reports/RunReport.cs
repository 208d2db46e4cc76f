using NetActors.Cli.Captures;
using NetActors.Cli.Running;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Cli.Reports;

/// <summary>What a run counted, for people: per CPU, per queue, latencies, sockets, wires, drops, and whether every packet is accounted
/// for.</summary>
internal static class RunReport
{
    /// <summary>Prints it all.</summary>
    public static void Write(Screen screen, ScenarioFile scenario, RunOutcome outcome, IReadOnlyList<OpenCapture> captures)
    {
        var snapshot = outcome.Snapshot;
        var measured = outcome.WarmUpEnd is { } warm ? MeasuredPart.Of(snapshot, warm) : snapshot;
        Header(screen, scenario, snapshot);
        foreach (var capture in captures) CaptureReport.Write(screen, capture);
        TrafficTable.Write(screen, measured);
        foreach (var (host, counted) in snapshot.Hosts.Zip(measured.Hosts))
        {
            CpuTable.Write(screen, counted);
            QueueTable.Write(screen, counted);
            QdiscTable.Write(screen, host);
            BypassTable.Write(screen, host);
            SocketTable.Write(screen, host);
        }

        TcpTaskTable.Write(screen, measured);
        LatencyTable.Write(screen, snapshot);
        WireTable.Write(screen, snapshot);
        DropTable.Write(screen, snapshot);
        screen.Line();
        screen.Line(Conservation(snapshot.Conservation));
        foreach (var host in snapshot.Hosts) Refused(screen, host);
        if (snapshot.WallClock is { } wall) screen.Line(WallClock(snapshot, wall));
    }

    private static void Header(Screen screen, ScenarioFile scenario, SimulationSnapshot snapshot)
    {
        screen.Heading(scenario.Description.Length == 0 ? scenario.Name : $"{scenario.Name}: {scenario.Description}");
        var clock = snapshot.Clock == ClockKind.Virtual ? "virtual clock (predicted)" : "real clock (measured)";
        var kernel = snapshot.Kernel == KernelVersion.V310 ? "3.10" : "6.x";
        var time = Figures.Time(new KernelTime(snapshot.DurationNs));
        screen.Line($"{clock}, seed {snapshot.Seed}, {time}, kernel {kernel}, cost model {scenario.CostModel.Name}");
        if (snapshot.WarmUpNs > 0)
        {
            var warmUp = Figures.Time(new KernelTime(snapshot.WarmUpNs));
            screen.Line($"traffic, CPUs, queues, programs and latencies: without the first {warmUp} (report.warm-up); the rest: with them");
        }

        var cpus = snapshot.Hosts.Sum(h => h.Cpus.Count);
        if (snapshot.Clock == ClockKind.Real && cpus > Environment.ProcessorCount)
        {
            var cores = Figures.Of(Environment.ProcessorCount, "core");
            screen.Line($"{Figures.Of(cpus, "emulated CPU")} share {cores} of this machine: rates are theirs");
        }
    }

    /// <summary>Settings that a host did not take while it ran.</summary>
    private static void Refused(Screen screen, HostSnapshot host)
    {
        foreach (var write in host.Writes.Where(w => w.Error.Length > 0))
            screen.Line($"refused at {Figures.Time(new KernelTime(write.AtNs))}: {host.Name}: {write.Key} = {write.Value}: {write.Error}");
    }

    private static string Conservation(ConservationSnapshot ledger)
    {
        var copies = ledger.Duplicated == 0 ? "" : $" + {Figures.Count(ledger.Duplicated)} duplicated";
        var ended = $"{Figures.Count(ledger.Delivered)} delivered + {Figures.Count(ledger.Dropped)} dropped";
        var parts = $"{ended} + {Figures.Count(ledger.InFlight)} under way";
        var missing = ledger.Holds ? "" : $" + {Figures.Count(ledger.Missing)} UNACCOUNTED FOR";
        return $"packets: {Figures.Count(ledger.Sent)} sent{copies} = {parts}{missing}";
    }

    private static string WallClock(SimulationSnapshot snapshot, WallClockSnapshot wall)
    {
        var (time, seconds) = (Figures.Time(new KernelTime(snapshot.DurationNs)), wall.ElapsedNs / 1e9);
        var rate = Figures.Rate(wall.PacketsPerSecond, "packets/s");
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"simulated {time} in {seconds:F2} s on {Figures.Of(wall.MachineCpus, "core")}: {rate}");
    }
}
