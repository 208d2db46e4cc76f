using System.Diagnostics;
using NetActors.Cli.Captures;
using NetActors.Cli.Commands;
using NetActors.Cli.Logging;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Cli.Running;

/// <summary>Runs a scenario from its start to its end, or to Ctrl-C.</summary>
internal sealed class ScenarioRun(ScenarioFile scenario, RunRequest request, ReplayOpener captures, LogSession log, CommandContext context)
{
    private static readonly KernelTime SettleStep = KernelTime.FromMilliseconds(10);
    private static readonly KernelTime SettleLimit = KernelTime.FromSeconds(4); // longer than a neighbour is asked for in vain

    /// <summary>Runs it. Ends the command when the scenario cannot be built.</summary>
    public RunOutcome Run()
    {
        var (begin, allocated) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
        using var simulation = Start();
        log.Logger.Information("{Scenario} starts: {Hosts} hosts, {Duration} s", scenario.Name, scenario.Hosts.Count, scenario.Duration);
        var watched = new WatchedRun(simulation, context, request.Enough);
        SimulationSnapshot? warm = null;
        if (scenario.Report.WarmUp > KernelTime.Zero && watched.RunUntil(scenario.Report.WarmUp)) warm = simulation.EndWarmUp();
        watched.RunUntil(scenario.Duration);
        var snapshot = simulation.Snapshot();
        if (request.Settles) snapshot = Settle(simulation, snapshot);
        var elapsed = Stopwatch.GetElapsedTime(begin);
        log.Logger.Information("{Scenario} ends after {Elapsed} s", scenario.Name, elapsed.TotalSeconds);
        var cost = new WallClockSnapshot(
            elapsed.Ticks * 100,
            snapshot.Conservation.Sent,
            simulation.Messages,
            GC.GetTotalAllocatedBytes() - allocated,
            Environment.ProcessorCount);
        simulation.Dispose();
        if (simulation.OutstandingPackets != 0)
            log.Logger.Warning("{Packets} rented packets did not come home: the result may not be trusted", simulation.OutstandingPackets);
        var interrupted = context.Cancellation.IsCancellationRequested && snapshot.DurationNs < scenario.Duration.Nanoseconds;
        return new RunOutcome(snapshot with { WallClock = cost }, warm, simulation.Plan.Names, interrupted, simulation.Failures);
    }

    private Simulation Start()
    {
        try
        {
            return Simulation.Start(scenario, new SimulationOptions
            {
                Clock = request.Clock,
                Capture = request.Capture is { } sink && request.Clock == ClockKind.Real ? new SharedCapture(sink) : request.Capture,
                Trace = request.Trace,
                TcpProbe = request.TcpProbe is { } probe && request.Clock == ClockKind.Real ? new SharedTcpProbe(probe) : request.TcpProbe,
                OpenReplay = captures.Open,
                AkkaConfig = log.AkkaConfig,
            });
        }
        catch (ScenarioException e)
        {
            throw CliException.Usage($"{scenario.Source}: {e.Message}");
        }
    }

    // What is under way at the end still arrives.
    private SimulationSnapshot Settle(Simulation simulation, SimulationSnapshot snapshot)
    {
        var limit = simulation.Now + SettleLimit;
        while (!IsAtRest(snapshot) && simulation.Now < limit && !context.Cancellation.IsCancellationRequested)
        {
            simulation.RunUntil(simulation.Now + SettleStep);
            snapshot = simulation.Snapshot();
        }

        return snapshot;
    }

    private static bool IsAtRest(SimulationSnapshot snapshot) => snapshot.Conservation is { Holds: true, InFlight: 0 };
}
