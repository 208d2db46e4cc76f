using NetActors.Ip;
using NetActors.Time;

namespace NetActors.Tests.Ip;

/// <summary>What paths take (RFC 1191; kernel: __ip_rt_update_pmtu).</summary>
public sealed class PathMtuTableTests
{
    private static readonly KernelTime Start = KernelTime.FromSeconds(1);
    private readonly PathMtuTable _table = new();

    [Fact]
    public void Unknown_path_takes_what_its_device_does() => Assert.False(_table.TryGet(1, Start, out _, out _));

    [Fact]
    public void Path_shrinks_and_never_grows_by_a_message()
    {
        _table.Learn(1, 1400, 1500, Start);
        _table.Learn(1, 1450, 1500, Start);
        Assert.Equal((true, 1400, false), Known(1, Start));
        _table.Learn(1, 1300, 1500, Start);
        Assert.Equal((true, 1300, false), Known(1, Start));
        Assert.False(_table.TryGet(2, Start, out _, out _));
    }

    [Fact]
    public void Message_that_says_more_than_the_route_takes_is_not_believed()
    {
        _table.Learn(1, 9000, 1500, Start);
        Assert.False(_table.TryGet(1, Start, out _, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(68)]
    [InlineData(551)]
    public void Less_than_552_locks_the_path(int mtu)
    {
        _table.Learn(1, mtu, 1500, Start);
        Assert.Equal((true, 552, true), Known(1, Start));
        _table.Learn(1, 1000, 1500, Start);
        Assert.Equal((true, 552, true), Known(1, Start));
    }

    [Fact]
    public void What_was_learnt_is_forgotten_after_ten_minutes() // net.ipv4.route.mtu_expires
    {
        _table.Learn(1, 1400, 1500, Start);
        Assert.True(_table.TryGet(1, Start + KernelTime.FromSeconds(599), out _, out _));
        Assert.False(_table.TryGet(1, Start + KernelTime.FromSeconds(600), out _, out _));
    }

    [Fact]
    public void Table_is_bounded()
    {
        for (var path = 0u; path < 10_000; path++) _table.Learn(path, 1400, 1500, Start);
        var known = Enumerable.Range(0, 10_000).Count(path => _table.TryGet((uint)path, Start, out _, out _));
        Assert.InRange(known, 1, 2048);
        Assert.True(_table.TryGet(9_999, Start, out _, out _));
    }

    private (bool, int, bool) Known(uint path, KernelTime now) => (_table.TryGet(path, now, out var mtu, out var isLocked), mtu, isLocked);
}
