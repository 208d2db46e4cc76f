using NetActors.Costs;

namespace NetActors.Tests.Costs;

/// <summary>The arithmetic that the comment of bdw6-2018.yaml claims (published calibration 2).</summary>
public class Bdw6CalibrationTests
{
    private static readonly CostModel Model = CostModelReader.Read("bdw6-2018").Model!;

    private static readonly long Interrupt = Sum(CostOp.IdleExit, CostOp.HardIrqEntry, CostOp.HardIrqExit, CostOp.NapiSchedule,
        CostOp.SoftirqEntry, CostOp.SoftirqExit, CostOp.NapiPollEntry, CostOp.NapiComplete);

    private static double SaturatedDrop =>
        Sum(CostOp.RxDescriptor, CostOp.FirstTouch, CostOp.NetifReceiveSkb, CostOp.IpReceive, CostOp.SkbDrop)
        + Sum(CostOp.SoftirqEntry, CostOp.SoftirqExit, CostOp.NapiPollEntry) / 64.0;

    [Fact]
    public void A_saturated_core_drops_in_149_ns_and_in_175_with_GRO()
    {
        Assert.Equal(149, SaturatedDrop, 1.0);
        Assert.Equal(175, SaturatedDrop + Model[CostOp.GroReceive], 1.0);
    }

    [Fact]
    public void A_port_without_a_socket_costs_301_ns() =>
        Assert.Equal(301, SaturatedDrop + Sum(CostOp.GroReceive, CostOp.IpRouteLookup, CostOp.UdpNoSocket), 1.0);

    [Fact]
    public void A_read_on_another_core_costs_432_ns() => Assert.Equal(432,
        Sum(CostOp.SyscallEntry, CostOp.RecvMsg, CostOp.SkbFree,
            CostOp.SyscallExit) + 2 * Model[CostOp.CacheMissSameNode] + Model[CostOp.CopyPerKiB] * 64 / 1024.0, 1.0);

    [Fact]
    public void Forwarding_adds_377_ns_to_a_drop() => Assert.Equal(575 - 198,
        Sum(CostOp.IpRouteLookup, CostOp.IpOutput, CostOp.NeighbourOutput, CostOp.DevQueueXmit, CostOp.TxDescriptor,
            CostOp.TxCompletion) - Model[CostOp.SkbDrop]);

    [Theory]
    [InlineData(0.25, 840)]
    [InlineData(0.5, 604)]
    [InlineData(1, 426)]
    [InlineData(2, 298)]
    [InlineData(3, 236)]
    public void The_interrupt_is_shared_as_the_load_grows(double mpps, double published)
    {
        const double packet = 198, wait = 2630;
        var rate = mpps / 1000; // a nanosecond
        var cost = packet + Interrupt * (1 - rate * packet) / (1 + rate * (wait + Interrupt));
        Assert.InRange(cost, published * 0.96, published * 1.04);
    }

    private static long Sum(params CostOp[] ops) => ops.Sum(op => Model[op]);
}
