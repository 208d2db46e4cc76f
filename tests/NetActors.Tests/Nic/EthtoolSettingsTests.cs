using NetActors.Nic;

namespace NetActors.Tests.Nic;

public sealed class EthtoolSettingsTests
{
    private readonly NicFixture _fixture = new(channels: 8);

    private EthtoolSettings Ethtool => _fixture.Ethtool;

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public void Channels_outside_the_device_are_refused(int channels) => Refused("EINVAL", Ethtool.SetChannels(channels, default));

    [Fact]
    public void Channels_below_a_default_table_succeed_and_rebuild_it()
    {
        Assert.True(Ethtool.SetChannels(3, default).Ok);
        Assert.Equal(2, _fixture.Nic.Contexts.Default.Indirection.HighestQueue);
        Assert.Equal(3, _fixture.Nic.Channels);
    }

    [Fact]
    public void Channels_below_a_queue_of_a_users_table_fail_until_it_is_default_again()
    {
        Assert.True(Ethtool.SetRxfh("weight 6 2", default, out _).Ok);
        Refused("EINVAL", Ethtool.SetChannels(1, default));
        Assert.True(Ethtool.SetChannels(2, default).Ok);
        Assert.True(Ethtool.SetRxfh("default", default, out _).Ok);
        Assert.True(Ethtool.SetChannels(1, default).Ok);
    }

    [Fact]
    public void Channels_below_a_queue_of_a_rule_fail()
    {
        Ethtool.SetFeature("ntuple", true, default);
        Assert.True(Ethtool.AddFlowRule("flow-type ip4 action 5", default, out var location).Ok);
        Refused("EINVAL", Ethtool.SetChannels(5, default));
        Assert.True(Ethtool.DeleteFlowRule(location, default).Ok);
        Assert.True(Ethtool.SetChannels(5, default).Ok);
    }

    [Fact]
    public void Rules_need_the_feature_ntuple() => Refused("EOPNOTSUPP", Ethtool.AddFlowRule("flow-type ip4 action 5", default, out _));

    [Theory]
    [InlineData(100, 104)]
    [InlineData(10, 64)]
    [InlineData(4096, 4096)]
    public void Ring_sizes_are_rounded_as_the_driver_does(int asked, int given)
    {
        Assert.True(Ethtool.SetRing(asked, asked, default).Ok);
        Assert.Equal((given, given, given), (_fixture.Nic.RingSize, _fixture.Nic.Queue(7).Ring.Size, Ethtool.TxRing));
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(0)]
    public void Ring_sizes_beyond_the_device_are_refused(int asked) => Refused("EINVAL", Ethtool.SetRing(null, asked, default));

    [Fact]
    public void Coalescing_that_never_fires_is_refused_and_changes_nothing()
    {
        Refused("EINVAL", Ethtool.SetCoalesce(0, 0, false, default));
        Assert.Equal(CoalesceSettings.Off, _fixture.Nic.Coalesce);
        Assert.True(Ethtool.SetCoalesce(8, null, null, default).Ok);
        Assert.Equal(new CoalesceSettings(8, 1) { TxUsecs = 0 }, _fixture.Nic.Queue(3).Moderation.Settings);
    }

    [Fact]
    public void On_ixgbe_rx_usecs_1_means_adaptive_and_frames_are_not_supported()
    {
        var ixgbe = new NicFixture(4, NicModel.Ixgbe);
        Assert.True(ixgbe.Nic.Coalesce.AdaptiveRx);
        Assert.True(ixgbe.Ethtool.SetCoalesce(30, null, null, default).Ok);
        Assert.Equal((false, 30), (ixgbe.Nic.Coalesce.AdaptiveRx, ixgbe.Nic.Queue(0).Moderation.Usecs));
        Assert.True(ixgbe.Ethtool.SetCoalesce(1, null, null, default).Ok);
        Assert.True(ixgbe.Nic.Coalesce.AdaptiveRx);
        Refused("EOPNOTSUPP", ixgbe.Ethtool.SetCoalesce(null, 8, null, default));
        Refused("EOPNOTSUPP", ixgbe.Ethtool.SetCoalesce(null, null, true, default));
        Refused("EINVAL", ixgbe.Ethtool.SetCoalesce(2000, null, null, default));
    }

    [Theory]
    [InlineData("equal 4", null)]
    [InlineData("equal 4 start 4", null)]
    [InlineData("equal 4 start 5", "EINVAL")]
    [InlineData("equal 0", "EINVAL")]
    [InlineData("weight", "EINVAL")]
    [InlineData("weight 1 1 start 7", "EINVAL")]
    [InlineData("equal 2 weight 1 1", "EINVAL")]
    [InlineData("hfunc crc32", null)]
    [InlineData("hfunc md5", "EINVAL")]
    [InlineData("hkey 6d:5a", "EINVAL")]
    [InlineData("xfrm symmetric-xor", null)]
    [InlineData("context 4 equal 2", "ENOENT")]
    [InlineData("context 4 delete", "ENOENT")]
    [InlineData("", "EINVAL")]
    [InlineData("colour red", "EINVAL")]
    public void Rxfh_is_done_or_refused(string words, string? error)
    {
        var answer = Ethtool.SetRxfh(words, default, out _);
        Assert.Equal(error, answer.Error?.Split(':')[0]);
    }

    [Fact]
    public void A_refused_new_context_leaves_none_behind()
    {
        Refused("EINVAL", Ethtool.SetRxfh("context new equal 4 start 7", default, out _));
        Assert.True(Ethtool.SetRxfh("context new equal 4", default, out var context).Ok);
        Assert.Equal(1, context);
        Assert.True(Ethtool.SetRxfh("context 1 delete", default, out _).Ok);
    }

    [Fact]
    public void A_new_key_changes_the_hash()
    {
        var key = string.Join(':', Enumerable.Repeat("6d:5a", 20));
        Assert.True(Ethtool.SetRxfh("hkey " + key, default, out _).Ok);
        Assert.Equal(0x9fcc9fcc, _fixture.Nic.Contexts.Default.Hasher.Hash(Frames.Tcp("66.9.149.187", 2794, "161.142.100.80", 1766)).Value);
    }

    [Theory]
    [InlineData("udp4", "sdfn", null, null)]
    [InlineData("udp4", "s", null, "EINVAL")]
    [InlineData("tcp4", "sd", "EINVAL", null)]
    [InlineData("ip4", "sdfn", "EINVAL", "EINVAL")]
    [InlineData("ether", "sd", "EINVAL", "EINVAL")]
    [InlineData("udp7", "sd", "EINVAL", "EINVAL")]
    public void Flow_hash_fields_depend_on_the_device(string type, string letters, string? ixgbeError, string? symmetricError)
    {
        if (letters == "s") ixgbeError = "EINVAL";
        Assert.Equal(ixgbeError, new NicFixture(4, NicModel.Ixgbe).Ethtool.SetRxFlowHash(type, letters, default).Error?.Split(':')[0]);
        Ethtool.SetRxfh("xfrm symmetric-xor", default, out _);
        Assert.Equal(symmetricError, Ethtool.SetRxFlowHash(type, letters, default).Error?.Split(':')[0]);
    }

    [Fact]
    public void Ixgbe_has_one_hash_only()
    {
        var ixgbe = new NicFixture(4, NicModel.Ixgbe);
        Refused("EOPNOTSUPP", ixgbe.Ethtool.SetRxfh("hfunc xor", default, out _));
        Refused("EOPNOTSUPP", ixgbe.Ethtool.SetRxfh("xfrm symmetric-xor", default, out _));
        Assert.True(ixgbe.Nic.PauseTx);
    }

    [Fact]
    public void Unknown_features_are_refused_and_known_ones_remembered()
    {
        Refused("EINVAL", Ethtool.SetFeature("warp", true, default));
        Assert.True(Ethtool.HasFeature("gro"));
        Assert.True(Ethtool.SetFeature("gro", false, default).Ok);
        Assert.False(Ethtool.HasFeature("gro"));
    }

    private static void Refused(string errno, EthtoolResult answer) => Assert.StartsWith(errno, answer.Error, StringComparison.Ordinal);
}
