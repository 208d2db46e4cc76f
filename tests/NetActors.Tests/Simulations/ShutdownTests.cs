using System.Diagnostics;
using System.Runtime.CompilerServices;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Simulations;

/// <summary>A simulation can be stopped at any time, quickly, and leaves nothing behind.</summary>
[Collection(MachineCollection.Name)]
public sealed class ShutdownTests
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(Environment.ProcessorCount > 4 ? 1 : 3); // small machines share their CPUs

    [Theory]
    [InlineData("rss-udp-flood", ClockKind.Virtual)]
    [InlineData("udp-rpc-closed-loop", ClockKind.Virtual)]
    [InlineData("lossy-wire", ClockKind.Virtual)]
    [InlineData("udp-rpc-closed-loop", ClockKind.Real)]
    [InlineData("single-queue-host", ClockKind.Real)]
    public void Stopped_at_any_time_it_is_gone_within_a_second_with_threads_actors_and_packets(string scenario, ClockKind clock)
    {
        var random = KernelRandom.For(1, scenario);
        for (var i = 0; i < 6; i++)
        {
            var at = KernelTime.FromMicroseconds(random.NextBelow(i == 0 ? 1u : 30_000u));
            var simulation = Simulation.Start(Scenario(scenario, clock), new SimulationOptions { Clock = clock });
            simulation.RunUntil(at);
            var watch = Stopwatch.StartNew();
            simulation.Dispose();
            Assert.True(watch.Elapsed < Quick, $"stopping at {at} took {watch.Elapsed}");
            Assert.True(simulation.System.System.WhenTerminated.IsCompletedSuccessfully, "actors are left");
            Assert.Equal([], simulation.Failures);
            Assert.Equal(0, simulation.OutstandingPackets);
            Assert.Equal([], ThreadsLeft());
        }
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Real)]
    public void Fifty_simulations_in_a_row_leave_no_memory_and_no_thread(ClockKind clock)
    {
        for (var i = 0; i < 10; i++) RunOne(clock);
        var (bytes, threads) = (GC.GetTotalMemory(true), Process.GetCurrentProcess().Threads.Count);
        List<WeakReference> gone = [];
        for (var i = 0; i < 40; i++) gone.Add(RunOne(clock));
        var (bytesLater, threadsLater) = (GC.GetTotalMemory(true), Process.GetCurrentProcess().Threads.Count);
        Assert.True(gone.Count(g => g.IsAlive) <= 1, $"{gone.Count(g => g.IsAlive)} of 40 simulations are still reachable");
        Assert.True(bytesLater - bytes < 4_000_000, $"{(bytesLater - bytes) / 40} bytes are left of each simulation");
        Assert.True(threadsLater <= threads + 4, $"{threads} threads became {threadsLater}"); // the pool's come and go
        Assert.Equal([], ThreadsLeft());
    }

    [Fact]
    public void Several_simulations_live_in_one_process_and_none_disturbs_the_others()
    {
        string[] names = ["udp-rpc-closed-loop", "rss-udp-flood", "lossy-wire", "rss-udp-flood"];
        var simulations = names.Select(n => Simulation.Start(Runs.Shipped(n, "duration=4ms", "report.warm-up=0ns"))).ToArray();
        for (var ms = 1; ms <= 4; ms++)
        {
            foreach (var simulation in simulations) simulation.RunUntil(KernelTime.FromMilliseconds(ms));
        }

        simulations[3].Dispose(); // the others go on
        for (var i = 0; i < 3; i++)
        {
            simulations[i].RunUntil(KernelTime.FromMilliseconds(4) + Runs.Settle);
            Balances.Check(simulations[i], idle: true, names[i]);
            simulations[i].Dispose();
        }

        Assert.All(simulations, s => Assert.Equal(0, s.OutstandingPackets));
    }

    /// <summary>On the machine's clock with neighbours that are known: see the test of <see cref="RealClockTests"/> that is skipped.</summary>
    private static ScenarioFile Scenario(string name, ClockKind clock) => clock == ClockKind.Virtual || name == "single-queue-host"
        ? Runs.Shipped(name)
        : Runs.Shipped(
            name, "hosts.client.devices.eth0.mac=02:00:00:00:00:02", "hosts.server.devices.eth0.mac=02:00:00:00:00:01",
            "hosts.client.neighbours=[10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0]", "hosts.server.neighbours=[10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0]");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOne(ClockKind clock)
    {
        using var simulation = Simulation.Start(Runs.Shipped("lossy-wire"), new SimulationOptions { Clock = clock });
        simulation.RunUntil(KernelTime.FromMilliseconds(2));
        return new WeakReference(simulation);
    }

    /// <summary>A thread that was joined is the machine's for some moments more.</summary>
    private static List<string> ThreadsLeft()
    {
        for (var i = 0; i < 100 && Threads().Count > 0; i++) Thread.Sleep(10);
        return Threads();
    }

    /// <summary>Names of the process's threads that are ours (a name has 15 characters on Linux).</summary>
    private static List<string> Threads()
    {
        List<string> ours = [];
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                var name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
                if (name.StartsWith("netactors/", StringComparison.Ordinal)) ours.Add(name);
            }
            catch (IOException)
            {
                // it ended while we looked
            }
        }

        return ours;
    }
}
