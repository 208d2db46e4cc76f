using NetActors.Costs;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>NAPI polled by kernel threads (specification section 3.6).</summary>
public sealed class ThreadedNapiTests
{
    private const string Threaded = "queues: 1, napi: { threaded: on }";
    private static readonly CostModel Packet1Us = CostModel.Zero.With(CostOp.RxDescriptor, 1000);

    [Fact]
    public void Packets_arrive_without_net_rx_and_the_thread_s_time_is_system_time()
    {
        using var run = new Running(Yaml.Server(device: Threaded, tasks: Yaml.Sink(), traffic: Yaml.Flood("100kpps", ", stop: 10ms")), Packet1Us);
        run.Until(20_000);
        var cpu = run.Cpu(0);
        Assert.Equal(1000, run.Socket("sink").Delivered);
        Assert.Equal((0L, 1_000_000L), (cpu.SoftirqNs, cpu.TaskNs));
        Assert.Equal(0, run.Plan.Hosts[0].Cpus[0].SoftirqCounts[3]);
        Assert.Equal(0L, run.Host.Cpus[0].Softnet.TimeSqueeze);
    }

    [Fact]
    public void Saturated_it_shares_its_cpu_with_a_hog_as_any_task_does()
    {
        using var run = new Running(Yaml.Server(device: Threaded, tasks: """{ name: hog, program: cpu-hog, burst: 10ms }""", traffic: Yaml.Flood("2Mpps")), Packet1Us);
        run.Until(500_000);
        Assert.InRange(run.Cpu(0).UserNs / 500e6, 0.45, 0.55);
        Assert.Equal(0, run.Cpu(0).KsoftirqdWakeups);
    }

    [Fact]
    public void Bound_elsewhere_it_leaves_the_interrupt_s_cpu_alone()
    {
        using var run = new Running(
            Yaml.Server(cpus: 2, device: "queues: 1, napi: { threaded: on, thread_cpus: \"1\" }", tasks: Yaml.Sink("cpus: \"1\""), traffic: Yaml.Flood("100kpps", ", stop: 10ms")),
            Packet1Us.With(CostOp.HardIrqEntry, 100));
        run.Until(20_000);
        Assert.Equal(1000, run.Socket("sink").Delivered);
        Assert.Equal(0, run.Cpu(0).TaskNs + run.Cpu(0).SoftirqNs);
        Assert.True(run.Cpu(0).HardirqNs > 0);
        Assert.Equal(1_000_000, run.Cpu(1).TaskNs);
    }

    [Fact]
    public void Its_rps_interrupts_are_sent_at_the_end_of_the_poll()
    {
        using var run = new Running(
            Yaml.Server(cpus: 2, device: Threaded + ", queues-sysfs: { rx-0: { rps_cpus: \"2\" } }", tasks: Yaml.Sink("cpus: \"1\""), traffic: Yaml.Flood("100kpps", ", stop: 10ms")),
            Packet1Us);
        run.Until(20_000);
        Assert.Equal(1000, run.Socket("sink").Delivered);
        Assert.Equal(1000U, run.Host.Cpus[1].Softnet.Processed);
        Assert.True(run.Host.Cpus[1].Softnet.ReceivedRps > 0);
    }

    [Theory]
    [InlineData(TracePoint.__napi_poll)]
    [InlineData(TracePoint.napi_gro_receive)]
    [InlineData(TracePoint.napi_poll)]
    [InlineData(TracePoint.ip_rcv)]
    public void A_poll_that_fails_loses_a_packet_at_most_and_the_thread_goes_on(TracePoint point)
    {
        var sink = new ThrowingSink(point, 7);
        using var run = new Running(Yaml.Server(device: Threaded, tasks: Yaml.Sink(), traffic: Yaml.Flood("20kpps", ", stop: 10ms")), Packet1Us, trace: sink);
        run.Until(100_000);
        Assert.Single(run.Simulation.Failures);
        Assert.InRange(run.Socket("sink").Delivered, 199, 200);
    }
}
