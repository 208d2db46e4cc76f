using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class ProcNetNetstatTests
{
    [Theory]
    [InlineData(KernelVersion.V6, 135, "TCPAODroppedIcmps", 18)]
    [InlineData(KernelVersion.V310, 94, "TCPSpuriousRtxHostQueues", 13)]
    public void Each_kernel_has_its_own_columns(KernelVersion kernel, int tcpExt, string last, int ipExt)
    {
        var groups = Columns(kernel);
        Assert.Equal(["TcpExt:", "IpExt:"], groups.Select(group => group.Names[0]));
        Assert.All(groups, group => Assert.Equal(group.Names.Length, group.Values.Length));
        Assert.Equal(tcpExt, groups[0].Names.Length - 1);
        Assert.Equal(last, groups[0].Names[^1]);
        Assert.Equal(ipExt, groups[1].Names.Length - 1);
    }

    [Theory]
    [InlineData(KernelVersion.V6)]
    [InlineData(KernelVersion.V310)]
    public void A_count_stands_below_its_name(KernelVersion kernel)
    {
        var groups = Columns(kernel);
        Assert.Equal("5", groups[0].Values[Array.IndexOf(groups[0].Names, "ListenDrops")]);
        Assert.Equal("134413748", groups[1].Values[Array.IndexOf(groups[1].Names, "InOctets")]);
    }

    [Fact]
    public void What_3_10_counts_and_the_emulator_does_not_is_zero()
    {
        var tcpExt = Columns(KernelVersion.V310)[0];
        Assert.Equal("0", tcpExt.Values[Array.IndexOf(tcpExt.Names, "TCPPrequeued")]);
    }

    private static (string[] Names, string[] Values)[] Columns(KernelVersion kernel) =>
        [.. Snapshots.Text(writer => ProcNetNetstat.Write(writer, Snapshots.Host(), kernel))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).Chunk(2).Select(pair => (pair[0], pair[1]))];
}
