using NetActors.Hosts;
using NetActors.Tests.Simulations;
using NetActors.Time;

namespace NetActors.Tests.Polling;

/// <summary>
/// What each interrupt policy buys, load by load, in <c>config/scenarios/interrupt-policy.yaml</c>. The order is that of the measurements behind
/// IRQ suspension (cover letter of "Suspend IRQs during application busy periods" v3, 2024; calibration 3): mean latency in us and CPU in percent
/// of base, defer20, defer200, napibusy, fullbusy, suspend20 were 127/25 72/25 182/18 115/56 58/100 69/29 at 200K queries a second,
/// 198/84 132/89 255/66 81/99 78/100 90/78 at 800K, and 1006K 985K 1040K 1078K 1237K 1220K queries a second at most.
/// </summary>
public sealed class InterruptPolicyTests
{
    private static readonly KernelTime WarmUp = KernelTime.FromMilliseconds(4);
    private const string Memcached = "hosts.server.tasks.memcached.";
    private static readonly KernelTime Connected = KernelTime.FromMilliseconds(3);
    private static readonly NapiChange Interrupts = new();
    private static readonly NapiChange Deferral = new(100, KernelTime.FromMicroseconds(20));
    private static readonly NapiChange LongDeferral = new(100, KernelTime.FromMicroseconds(200));
    private static readonly NapiChange VeryLongDeferral = new(100, KernelTime.FromMilliseconds(5));
    private static readonly NapiChange Suspension = Deferral with { IrqSuspendTimeout = KernelTime.FromMilliseconds(20) };
    private static readonly string[] Polls = [Memcached + "epoll_prefer_busy_poll=on", Memcached + "epoll_busy_poll_budget=64"];
    private static readonly string[] PollsLong = [.. Polls, Memcached + "epoll_busy_poll=64us"];
    private static readonly string[] PollsAlways = [.. Polls, Memcached + "epoll_busy_poll=1ms"];

    [Fact]
    public void At_a_low_load_polling_is_fastest_and_dearest_and_a_long_deferral_slowest_and_cheapest()
    {
        var at = Run("200kpps");
        InOrder(at.FullBusy.Mean, at.Suspended.Mean, at.Deferred.Mean, at.NapiBusy.Mean, at.DeferredLong.Mean);
        InOrder(at.DeferredLong.Cpu, at.Base.Cpu, at.NapiBusy.Cpu, at.FullBusy.Cpu);
        Assert.InRange(at.Suspended.Cpu / at.Deferred.Cpu, 0.8, 1.2); // it costs what deferral costs: 29 % against 25 % were measured
        Assert.InRange(at.Suspended.Cpu, 0, at.NapiBusy.Cpu);
    }

    [Fact]
    public void At_a_middle_load_suspension_is_near_polling_for_the_price_of_deferral()
    {
        var at = Run("800kpps");
        InOrder(at.FullBusy.Mean, at.Suspended.Mean, at.Deferred.Mean, at.DeferredLong.Mean);
        InOrder(at.FullBusy.Mean, at.NapiBusy.Mean, at.DeferredLong.Mean);
        InOrder(at.DeferredLong.Cpu, at.Suspended.Cpu, at.Deferred.Cpu * 1.05, at.NapiBusy.Cpu, at.FullBusy.Cpu * 1.01);
    }

    [Fact]
    public void At_a_high_load_suspension_beats_interrupts_and_deferral_in_both()
    {
        var at = Run("900kpps");
        InOrder(at.FullBusy.Mean, at.Suspended.Mean, at.Deferred.Mean, at.DeferredLong.Mean);
        InOrder(at.Suspended.Mean, at.Base.Mean);
        InOrder(at.DeferredLong.Cpu, at.Suspended.Cpu, at.Deferred.Cpu, at.Base.Cpu, at.FullBusy.Cpu);
        Assert.InRange(at.NapiBusy.Mean / at.FullBusy.Mean, 0.95, 1.1); // the same: there is always something within 64 us
    }

    [Fact]
    public void At_the_highest_load_those_who_poll_get_the_most_done_and_suspension_as_much_as_they()
    {
        string[] load = ["hosts.client.tasks.mutilate.rate=0pps", "hosts.client.tasks.mutilate.connections=48", "duration=9ms"];
        var (interrupts, busy, suspended) = (Run(Interrupts, load), Run(VeryLongDeferral, [.. load, .. PollsAlways]), Run(Suspension, [.. load, .. Polls]));
        Assert.True(busy.Answered > 1.05 * interrupts.Answered, $"{busy.Answered} against {interrupts.Answered}");
        Assert.InRange(suspended.Answered / busy.Answered, 0.97, 1.03);
    }

    private static void InOrder(params double[] values) => Assert.Equal(values.Order(), values);

    private static Policies Run(string rate)
    {
        string[] load = ["hosts.client.tasks.mutilate.rate=" + rate];
        return new Policies(
            Run(Interrupts, load), Run(Deferral, load), Run(LongDeferral, load), Run(LongDeferral, [.. load, .. PollsLong]),
            Run(VeryLongDeferral, [.. load, .. PollsAlways]), Run(Suspension, [.. load, .. Polls]));
    }

    /// <summary>Connections are made with plain interrupts; the deferral is set while requests come, and what is measured begins a little later.</summary>
    private static Outcome Run(NapiChange deferral, params string[] overrides)
    {
        string[] small = ["duration=10ms", "hosts.client.cpus=16", "hosts.client.devices.eth0.queues=16", "hosts.client.tasks.mutilate.threads=16"];
        var scenario = Runs.Shipped("interrupt-policy", [.. small, .. overrides]);
        using var simulation = Simulation.Start(scenario);
        Assert.True(simulation.RunUntil(Connected));
        simulation.SetNapi("server", "eth0", -1, deferral);
        Assert.True(simulation.RunUntil(WarmUp));
        foreach (var histogram in simulation.Plan.Latency) histogram.Reset();
        var before = Busy(simulation);
        Assert.True(simulation.RunUntil(scenario.Duration));
        var snapshot = simulation.Snapshot();
        Assert.Empty(simulation.Failures);
        Assert.True(snapshot.Conservation.Holds);
        Assert.DoesNotContain(snapshot.Hosts.SelectMany(h => h.Drops), d => d.Count > 0);
        var latency = snapshot.Latency.Single();
        return new Outcome(latency.Count, latency.MeanNs / 1e3, (Busy(simulation) - before) / (8.0 * (scenario.Duration - WarmUp).Nanoseconds) * 100);
    }

    private static long Busy(Simulation simulation) =>
        simulation.Snapshot().Hosts.Single(h => h.Name == "server").Cpus.Sum(c => c.HardirqNs + c.SoftirqNs + c.SystemNs + c.UserNs);

    private sealed record Outcome(double Answered, double Mean, double Cpu);

    private sealed record Policies(Outcome Base, Outcome Deferred, Outcome DeferredLong, Outcome NapiBusy, Outcome FullBusy, Outcome Suspended);
}
