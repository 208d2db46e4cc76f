using NetActors.Buffers;
using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class ConservationSnapshotTests
{
    [Fact]
    public void A_run_that_accounts_for_every_packet_holds()
    {
        var balance = Snapshots.Simulation().Conservation;
        Assert.Equal(4, balance.Dropped);
        Assert.True(balance.Holds);
        Assert.True(Snapshots.Simulation().Wires[0].Holds);
    }

    [Fact]
    public void A_packet_lost_without_a_counter_is_missing()
    {
        var balance = new ConservationSnapshot(10, 0, 7, [new("udp", SkbDropReason.SOCKET_RCVBUFF, 1)], 1);
        Assert.False(balance.Holds);
        Assert.Equal(1, balance.Missing);
    }

    [Fact]
    public void A_packet_counted_twice_is_missing_negatively() => Assert.Equal(-1, new ConservationSnapshot(1, 0, 2, [], 0).Missing);
}
