using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class SoftnetStatTests
{
    [Fact]
    public void V6_prints_fifteen_columns_with_the_queue_lengths_and_the_cpu() => Assert.Equal(
        """
        000016ac 00000022 00000033 00000000 00000000 00000000 00000000 00000000 00000000 000000aa 000000bb 00000007 00000000 00000003 00000004
        000016ad 00000022 00000033 00000000 00000000 00000000 00000000 00000000 00000000 000000aa 000000bb 00000007 00000001 00000003 00000004

        """,
        Snapshots.Text(writer => SoftnetStat.Write(writer, Snapshots.Host())));

    [Fact]
    public void V310_prints_ten_columns_with_the_collisions() => Assert.Equal(
        """
        000016ac 00000022 00000033 00000000 00000000 00000000 00000000 00000000 00000099 000000aa
        000016ad 00000022 00000033 00000000 00000000 00000000 00000000 00000000 00000099 000000aa

        """,
        Snapshots.Text(writer => SoftnetStat.Write(writer, Snapshots.Host(), KernelVersion.V310)));

    [Fact]
    public void A_count_beyond_32_bits_wraps()
    {
        var host = new HostSnapshot { Name = "h", Cpus = [new() { Id = 0, Softnet = new() { Processed = 0x1_0000_0002 } }] };
        Assert.StartsWith("00000002 ", Snapshots.Text(writer => SoftnetStat.Write(writer, host)), StringComparison.Ordinal);
    }
}
