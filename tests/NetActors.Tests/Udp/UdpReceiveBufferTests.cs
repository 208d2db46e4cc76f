using NetActors.Sockets;
using NetActors.Udp;

namespace NetActors.Tests.Udp;

public class UdpReceiveBufferTests
{
    private static readonly UdpSettings V6 = new();

    [Fact]
    public void The_default_buffer_holds_256_minimal_datagrams() => Assert.Equal(256, Fill(New(V6), 832));

    [Theory]
    [InlineData(832, 2)] // two small ones
    [InlineData(60_832, 1)] // or one of any size, when empty
    public void The_least_buffer_of_6_18(int trueSize, int fits)
    {
        var buffer = New(V6);
        buffer.SetRcvBuf(1);
        Assert.Equal((2304, fits), (buffer.RcvBuf, Fill(buffer, trueSize)));
    }

    [Fact]
    public void Linux_3_10_overshoots_by_one()
    {
        var buffer = New(UdpSettings.Linux310);
        buffer.SetRcvBuf(1200); // 2400
        Assert.Equal(3, Fill(buffer, 832));
        Assert.Equal(1, buffer.Drops);
    }

    [Theory]
    [InlineData(100_000, 200_000)]
    [InlineData(5_000_000, 8_388_608)]
    [InlineData(-1, 8_388_608)] // a large number
    [InlineData(0, 2304)]
    public void SO_RCVBUF_is_capped_and_doubled(int asked, int got)
    {
        var buffer = New(V6);
        buffer.SetRcvBuf(asked);
        Assert.Equal(got, buffer.RcvBuf);
    }

    [Fact]
    public void SO_RCVBUFFORCE_has_no_cap()
    {
        var buffer = New(V6);
        buffer.ForceRcvBuf(int.MaxValue);
        Assert.Equal(int.MaxValue - 1, buffer.RcvBuf);
        Assert.Equal(Errno.None, buffer.TryCharge(1000));
    }

    [Fact]
    public void What_leaves_gives_its_pages_back()
    {
        var memory = new UdpMemory(V6);
        var buffer = new UdpReceiveBuffer(memory, V6);
        for (var i = 0; i < 10; i++) buffer.TryCharge(1000);
        Assert.Equal((10_000, 3L), (buffer.RmemAlloc, memory.AllocatedPages));
        for (var i = 0; i < 10; i++) buffer.Uncharge(1000);
        Assert.Equal((0, 0L), (buffer.RmemAlloc, memory.AllocatedPages));
    }

    [Fact]
    public void Above_the_first_limit_only_poor_sockets_get_more_and_above_the_third_nobody()
    {
        var settings = new UdpSettings { UdpMemMin = 2, UdpMemMax = 4 };
        var memory = new UdpMemory(settings);
        var rich = new UdpReceiveBuffer(memory, settings);
        Assert.Equal(Errno.None, rich.TryCharge(8192));
        Assert.Equal(Errno.ENOBUFS, rich.TryCharge(832));
        var poor = new UdpReceiveBuffer(memory, settings);
        Assert.Equal(Errno.None, poor.TryCharge(8192));
        Assert.Equal(Errno.ENOBUFS, new UdpReceiveBuffer(memory, settings).TryCharge(832));
        Assert.Equal((1L, 4L), (rich.Drops, memory.AllocatedPages));
    }

    private static UdpReceiveBuffer New(UdpSettings settings) => new(new UdpMemory(settings), settings);

    private static int Fill(UdpReceiveBuffer buffer, int trueSize)
    {
        var fits = 0;
        while (buffer.TryCharge(trueSize) == Errno.None) fits++;
        return fits;
    }
}
