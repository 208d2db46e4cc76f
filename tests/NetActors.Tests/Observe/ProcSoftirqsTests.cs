using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class ProcSoftirqsTests
{
    [Fact]
    public void V6_prints_the_vectors_in_execution_order()
    {
        var lines = Snapshots.Text(writer => ProcSoftirqs.Write(writer, Snapshots.Host())).Split('\n');
        Assert.Equal("                    CPU0       CPU1       ", lines[0]);
        Assert.Equal("          HI:          0          0", lines[1]);
        Assert.Equal("       TIMER:      18179      18180", lines[2]);
        Assert.Equal("      NET_RX:       3660       3661", lines[4]);
        Assert.Equal("    IRQ_POLL:          0          0", lines[6]);
        Assert.Equal("         RCU:         77         77", lines[10]);
    }

    [Fact]
    public void V310_calls_vector_five_block_iopoll() => Assert.Contains(
        "\nBLOCK_IOPOLL:          0          0\n",
        Snapshots.Text(writer => ProcSoftirqs.Write(writer, Snapshots.Host(), KernelVersion.V310)),
        StringComparison.Ordinal);
}
