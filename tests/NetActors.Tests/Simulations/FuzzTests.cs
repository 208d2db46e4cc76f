using NetActors.Tests.Headers;

namespace NetActors.Tests.Simulations;

/// <summary>No frame, however damaged, makes an actor throw, and every one is accounted for.</summary>
public sealed class FuzzTests
{
    [Theory]
    [InlineData(1, KernelVersion.V6)]
    [InlineData(2, KernelVersion.V310)]
    [InlineData(3, KernelVersion.V6)]
    [InlineData(6, KernelVersion.V310)]
    public void Damaged_frames_fail_no_actor_and_are_all_accounted_for(ulong seed, KernelVersion kernel)
    {
        var (simulation, end) = FuzzedHost.Start(Corpus(), seed, 60_000, kernel);
        using (simulation)
        {
            Runs.To(simulation, end + Runs.Settle);
            Balances.Check(simulation, idle: true, $"seed {seed}");
        }

        Assert.Equal(0, simulation.OutstandingPackets);
    }

    private static List<byte[]> Corpus() =>
    [
        .. new[]
        {
            Captures.ArpRequest, Captures.ArpReply, Captures.TcpSyn, Captures.TcpSynAck, Captures.TcpData, Captures.TcpAnswer, Captures.TcpFin,
            Captures.Udp, Captures.PortUnreachable, Captures.NeighbourSolicitation, Captures.TcpSyn6,
        }.Select(Convert.FromHexString),
    ];
}
