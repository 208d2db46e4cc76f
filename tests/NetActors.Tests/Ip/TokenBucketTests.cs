using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tests.Ip;

public class TokenBucketTests
{
    private static readonly KernelTime Cost = KernelTime.FromSeconds(1);
    private static readonly KernelTime Now = KernelTime.FromSeconds(100);
    private readonly MibSet _mib = new();

    [Fact]
    public void Six_are_permitted_at_once_then_one_a_second()
    {
        var bucket = new TokenBucket(Now);
        for (var i = 0; i < TokenBucket.BurstFactor; i++) Assert.True(bucket.TryTake(Cost, Now));
        Assert.False(bucket.TryTake(Cost, Now));
        Assert.False(bucket.TryTake(Cost, Now + KernelTime.FromMilliseconds(999)));
        Assert.True(bucket.TryTake(Cost, Now + Cost));
        Assert.True(bucket.TryTake(KernelTime.Zero, Now + Cost));
    }

    [Fact]
    public void The_global_limit_refills_after_20_ms_up_to_its_burst()
    {
        var limit = default(IcmpGlobalLimit);
        Assert.True(limit.Allow(1000, 50, Now));
        Assert.Equal(50, limit.Credit);
        limit.Consume(50);
        Assert.False(limit.Allow(1000, 50, Now + KernelTime.FromMilliseconds(19)));
        Assert.True(limit.Allow(1000, 50, Now + KernelTime.FromMilliseconds(20)));
        Assert.Equal(20, limit.Credit);
        Assert.False(default(IcmpGlobalLimit).Allow(0, 50, Now));
    }

    [Fact]
    public void Both_limits_count_what_they_refuse_and_spare_path_mtu_discovery_and_other_types()
    {
        var limiter = new IcmpRateLimiter(new IcmpSettings { MsgsBurst = 8 });
        var (sent, random) = (0, uint.MaxValue); // takes 2 credits each
        for (var i = 0; i < 10; i++)
        {
            if (!limiter.GlobalAllow(IcmpTypes.DestinationUnreachable, 3, _mib, Now, out var limited)) continue;
            Assert.True(limited);
            if (limiter.HostAllow(1, false, _mib, Now, random)) sent++;
        }

        Assert.Equal((4, 6L, 0L), (sent, _mib[IcmpMib.OutRateLimitGlobal], _mib[IcmpMib.OutRateLimitHost]));
        Assert.True(limiter.GlobalAllow(IcmpTypes.DestinationUnreachable, 4, _mib, Now, out var fragLimited));
        Assert.True(limiter.GlobalAllow(IcmpTypes.EchoReply, 0, _mib, Now, out var echoLimited));
        Assert.False(fragLimited || echoLimited);
    }

    [Fact]
    public void Each_host_has_its_own_bucket_and_loopback_none()
    {
        var limiter = new IcmpRateLimiter(new IcmpSettings());
        for (var i = 0; i < 8; i++) limiter.HostAllow(1, false, _mib, Now, 0);
        Assert.Equal(2, _mib[IcmpMib.OutRateLimitHost]);
        Assert.True(limiter.HostAllow(2, false, _mib, Now, 0));
        Assert.True(limiter.HostAllow(1, true, _mib, Now, 0));
    }

    [Fact]
    public void The_host_known_longest_is_forgotten_at_the_threshold()
    {
        var peers = new InetPeers(20);
        for (var i = 0; i < 6; i++) Assert.True(peers.XrlimAllow(0, Cost, Now));
        Assert.False(peers.XrlimAllow(0, Cost, Now));
        for (var address = 1u; address <= 20; address++) peers.XrlimAllow(address, Cost, Now);
        Assert.Equal(20, peers.Count);
        Assert.True(peers.XrlimAllow(0, Cost, Now));
    }
}
