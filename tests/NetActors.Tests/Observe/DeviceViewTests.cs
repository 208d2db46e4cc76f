using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class DeviceViewTests
{
    [Fact]
    public void Proc_net_dev_adds_up_drops_frame_and_carrier_errors() => Assert.Equal(
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo: 134491897    5793    1    5    4    26          9        10   377436    4747   11   12   13    14      66         19
          eth0: 134491897    5793    1    5    4    26          9        10   377436    4747   11   12   13    14      66         19

        """,
        Snapshots.Text(writer => ProcNetDev.Write(writer, Snapshots.Host())));

    [Fact]
    public void Ethtool_indents_by_five() => Assert.Equal(
        "NIC statistics:\n     rx_queue_0_packets: 5793\n     rx_no_dma_resources: 3\n",
        Snapshots.Text(writer => EthtoolStatistics.Write(writer, Snapshots.Device("eth0", 2))));

    [Fact]
    public void Ethtool_says_when_there_is_nothing() => Assert.Equal(
        "no stats available\n",
        Snapshots.Text(writer => EthtoolStatistics.Write(writer, new DeviceSnapshot { Name = "lo", IfIndex = 1 })));
}
