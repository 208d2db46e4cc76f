using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Listen;

/// <summary><c>tcp_select_initial_window</c> of 6.18; the first two rows are what Linux shows on Ethernet.</summary>
public class TcpInitialWindowTests
{
    [Theory]
    [InlineData(65536, 1460, 0, true, 0, 64240, 7)] // no time stamps
    [InlineData(65536, 1448, 0, true, 0, 65160, 7)] // with time stamps
    [InlineData(65536, 1460, 0, false, 0, 64240, 0)]
    [InlineData(1000, 1460, 0, true, 0, 1000, 7)] // less than a segment: not rounded
    [InlineData(65536, 1460, 10000, true, 0, 8760, 0)] // TCP_WINDOW_CLAMP bounds both
    [InlineData(65536, 1460, 0, true, 10, 14600, 7)] // RTAX_INITRWND
    [InlineData(524288, 1448, 0, true, 0, 524176, 7)] // beyond 65535: 6.11 and later
    public void Window_and_scale(uint space, uint mss, uint clamp, bool scaling, uint segments, uint window, byte scale)
    {
        var chosen = TcpInitialWindow.Select(space, mss, clamp, scaling, segments, new TcpSysctls());
        Assert.Equal((window, scale), (chosen.Window, chosen.Scale));
        Assert.Equal(clamp != 0 ? Math.Min(clamp, 65535u << scale) : 65535u << scale, chosen.Clamp);
    }

    [Theory]
    [InlineData(6291456, 4194304, 7)]
    [InlineData(6291456, 16777216, 9)] // net.core.rmem_max counts too, for SO_RCVBUF
    [InlineData(0x7FFF_FFFF, 0, 14)]
    [InlineData(65535, 65535, 1)] // space 65536
    public void The_scale_suffices_for_the_largest_buffer(uint rmem, uint core, byte scale)
    {
        var sysctls = new TcpSysctls { TcpRmem = new(4096, 131_072, (int)rmem), RmemMax = (int)core };
        Assert.Equal(scale, TcpInitialWindow.Select(65536, 1, 0, true, 0, sysctls).Scale);
    }

    [Fact]
    public void Signed_windows_are_worked_around() =>
        Assert.Equal(32767u, TcpInitialWindow.Select(65536, 1, 0, true, 0, new TcpSysctls { TcpWorkaroundSignedWindows = true }).Window);
}
