using System.Diagnostics;
using System.Globalization;
using System.Text;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Scenarios;
using NetActors.Time;
using Xunit.Abstractions;

namespace NetActors.Tests.Exactness;

/// <summary>
/// What a quantum above 0 costs in exactness and brings in speed, against quantum 0. The table is printed by <c>dotnet test -c Release
/// --filter QuantumError --logger "console;verbosity=detailed"</c>.
/// </summary>
public class QuantumErrorTests(ITestOutputHelper output)
{
    /// <summary>
    /// Any difference makes the runs part: an interrupt that comes earlier takes other packets with it. From then on a packet's times
    /// differ as those of two packets that come by chance, by about a moderation interval (8 us here), however small the quantum.
    /// </summary>
    private const double MeanError = 6_000; // and a quarter of the quantum
    private const int SpeedRuns = 3;
    private static readonly long[] Quanta = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000];

    /// <summary>Times of packets at one quantum: when each reached its socket and when the program had it.</summary>
    private sealed record Measured(Dictionary<long, long> Queued, Dictionary<long, long> Delivered, long Drops, long BackwardsNs, double PacketsPerSecond);

    [Fact]
    public void Rss_udp_flood_stays_close_to_quantum_0()
    {
        var read = ScenarioReader.Read(ShippedFiles.Scenario("rss-udp-flood"), ["duration=10ms", "report.warm-up=0ms"]);
        Assert.True(read.Scenario is not null, string.Join("\n", read.Faults));
        Check("rss-udp-flood, 10 ms", quantum => Measure(WithQuantum(read.Scenario, quantum), null));
    }

    [Fact]
    public void Steering_to_other_CPUs_stays_close_to_quantum_0() =>
        Check("2 queues, RPS to 4 CPUs", quantum => MeasureSmall(Small([0, 1, 2, 3], 450), quantum));

    [Fact]
    public void Two_queues_into_one_shared_socket_stay_close_to_quantum_0() =>
        Check("2 queues, 1 socket, 2 threads", quantum => MeasureSmall(Small([], 250), quantum));

    private void Check(string name, Func<long, Measured> measure)
    {
        measure(0); // warms up, so that the speeds can be compared
        var exact = measure(0);
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | mean error at socket | mean at program | worst at program | shift of the mean | drops | delivered | backwards | packets/s |");
        table.AppendLine("|---|---|---|---|---|---|---|---|---|");
        Row(table, "exact", exact, exact);
        foreach (var quantum in Quanta)
        {
            var measured = measure(quantum);
            Row(table, $"{quantum} ns", exact, measured);
            var (_, atProgram, _, shift) = ErrorsOf(exact, measured);
            Assert.True(Math.Abs(shift) <= 500 + (1.5 * quantum), $"{name}: a quantum of {quantum} ns shifts deliveries by {shift:F0} ns on average\n{table}");
            Assert.True(atProgram <= MeanError + (quantum / 4), $"{name}: a quantum of {quantum} ns moves deliveries by {atProgram:F0} ns on average\n{table}");
            var frames = exact.Delivered.Count + exact.Drops;
            var (drops, delivered) = (measured.Drops - exact.Drops, measured.Delivered.Count - exact.Delivered.Count);
            Assert.True(Math.Abs(drops) <= frames * 2 / 100, $"{name}: a quantum of {quantum} ns changes drops by {drops}\n{table}");
            Assert.True(Math.Abs(delivered) <= frames * 2 / 100, $"{name}: a quantum of {quantum} ns changes deliveries by {delivered}\n{table}");
            Assert.True(measured.BackwardsNs <= quantum, $"{name}: at {quantum} ns a packet went {measured.BackwardsNs} ns back in time");
        }

        output.WriteLine(table.ToString());
    }

    private static void Row(StringBuilder table, string name, Measured exact, Measured measured)
    {
        var (socket, program, worst, shift) = ErrorsOf(exact, measured);
        table.AppendLine(CultureInfo.InvariantCulture,
            $"| {name} | {socket:F0} ns | {program:F0} ns | {worst / 1000.0:F1} us | {shift:F0} ns | {measured.Drops - exact.Drops:+0;-0;0} of {exact.Drops} | {measured.Delivered.Count - exact.Delivered.Count:+0;-0;0} of {exact.Delivered.Count} | {measured.BackwardsNs} ns | {measured.PacketsPerSecond / 1000:F0} k |");
    }

    private static (double Socket, double Program, long Worst, double Shift) ErrorsOf(Measured exact, Measured measured)
    {
        var socket = Differences(exact.Queued, measured.Queued);
        var program = Differences(exact.Delivered, measured.Delivered);
        return (socket.Average(d => Math.Abs((double)d)), program.Average(d => Math.Abs((double)d)), program.Max(Math.Abs), program.Average());
    }

    private static List<long> Differences(Dictionary<long, long> exact, Dictionary<long, long> measured) =>
        [.. measured.Where(m => exact.ContainsKey(m.Key)).Select(m => m.Value - exact[m.Key])];

    private static Measured MeasureSmall(SmallScenario small, long quantum) =>
        Measure(EmulatorRun.FileOf(small, quantum) with { Duration = KernelTime.FromSeconds(1) }, _ => EmulatorRun.FramesOf(small));

    private static Measured Measure(ScenarioFile file, Func<ReplaySettings, IFrameSource>? open)
    {
        var recorder = new EventRecorder();
        var traced = Run(file, new SimulationOptions { Trace = recorder, OpenReplay = open }, out _);
        var seconds = double.MaxValue;
        for (var i = 0; i < SpeedRuns; i++) // without a trace; the best, since others use the machine too
        {
            Run(file, new SimulationOptions { OpenReplay = open }, out var taken);
            seconds = Math.Min(seconds, taken);
        }

        var (enqueued, queued, delivered, backwards) = (new Dictionary<long, long>(), new Dictionary<long, long>(), new Dictionary<long, long>(), 0L);
        foreach (var e in recorder.Events)
        {
            if (e.Point == TracePoint.udp_queue_rcv_skb) queued[e.Packet] = e.Time;
            else if (e.Point == TracePoint.enqueue_to_backlog) enqueued[e.Packet] = e.Time;
            else if (e.Point == TracePoint.process_backlog) backwards = Math.Max(backwards, enqueued[e.Packet] - e.Time);
            else if (e.Point == TracePoint.consume_skb) delivered[e.Packet] = e.Time;
            if (e.Point == TracePoint.consume_skb) backwards = Math.Max(backwards, queued[e.Packet] - e.Time);
        }

        return new Measured(queued, delivered, traced.Conservation.Dropped, backwards, traced.Conservation.Sent / seconds);
    }

    private static SimulationSnapshot Run(ScenarioFile file, SimulationOptions options, out double seconds)
    {
        using var simulation = Simulation.Start(file, options);
#pragma warning disable RS0030 // how fast the machine is, not what time it is in the simulation
        var begin = Stopwatch.GetTimestamp();
        simulation.RunUntil(file.Duration);
        seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
#pragma warning restore RS0030
        Assert.Empty(simulation.Failures);
        var snapshot = simulation.Snapshot();
        Assert.True(snapshot.Conservation.Holds);
        return snapshot;
    }

    private static ScenarioFile WithQuantum(ScenarioFile file, long quantum) =>
        file with { Clock = file.Clock with { Quantum = KernelTime.FromNanoseconds(quantum) } };

    /// <summary>8000 frames in Poisson's way over 16 flows and two queues, more than the host can do.</summary>
    private static SmallScenario Small(int[] rps, int gap)
    {
        const int Queues = 2;
        var random = KernelRandom.For(7, "quantum");
        var frames = new SmallFrame[8000];
        var time = 1_000_000L;
        for (var i = 0; i < frames.Length; i++) frames[i] = new SmallFrame(i + 1, time += (long)random.NextExponential(gap), (int)random.NextBelow(16), 60);
        return new SmallScenario
        {
            Kernel = KernelVersion.V6,
            Hz = 250,
            Cpus = 4,
            Queues = Queues,
            Affinity = [0, 1],
            Ring = 64,
            Weight = 64,
            RxUsecs = 8,
            RxFrames = 0,
            Throttle = false,
            Budget = 300,
            BudgetUsecs = 8000,
            MaxBacklog = 100,
            DevWeight = 64,
            RpsCpus = rps,
            DeferToRunningKsoftirqd = false,
            Sinks = [new SmallSink([2, 3], 16, 0, 183) /* more than arrives in the largest quantum */],
            Flows = [.. Enumerable.Range(0, 16).Select(i => SmallScenarios.FlowOf((ushort)(20_011 + (i * 37)), 0, Queues))],
            Frames = frames,
            Costs = CostModelReader.Read("bdw6-2018").Model!,
        };
    }
}
