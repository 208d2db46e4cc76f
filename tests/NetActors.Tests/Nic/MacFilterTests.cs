using NetActors.Buffers;
using NetActors.Nic;

namespace NetActors.Tests.Nic;

public sealed class MacFilterTests
{
    private readonly MacFilter _filter = new(Frames.Device);

    [Theory]
    [InlineData("02:00:00:00:00:01", PacketType.Host)]
    [InlineData("ff:ff:ff:ff:ff:ff", PacketType.Broadcast)]
    public void Own_address_and_broadcast_are_taken(string address, PacketType expected)
    {
        Assert.True(_filter.Accepts(To(address), out var type));
        Assert.Equal(expected, type);
    }

    [Fact]
    public void Foreign_unicast_is_taken_only_when_promiscuous_or_added()
    {
        var frame = To("02:00:00:00:00:09");
        Assert.False(_filter.Accepts(frame, out _));
        Assert.True(MacFilter.TryParse("02:00:00:00:00:09", out var address));
        Assert.True(_filter.Add(address));
        Assert.False(_filter.Add(address));
        Assert.True(_filter.Accepts(frame, out _));
        Assert.True(_filter.Remove(address));
        _filter.Promiscuous = true;
        Assert.True(_filter.Accepts(frame, out var type));
        Assert.Equal(PacketType.OtherHost, type);
    }

    [Fact]
    public void Groups_are_taken_when_joined_or_with_all_multicast()
    {
        var frame = To("01:00:5e:00:00:fb");
        Assert.False(_filter.Accepts(frame, out _));
        Assert.True(MacFilter.TryParse("01:00:5e:00:00:fb", out var group));
        _filter.Add(group);
        Assert.True(_filter.Accepts(frame, out var type));
        Assert.Equal(PacketType.Multicast, type);
        _filter.Remove(group);
        _filter.AllMulticast = true;
        Assert.True(_filter.Accepts(frame, out _));
    }

    private static byte[] To(string address)
    {
        Assert.True(MacFilter.TryParse(address, out var number));
        var frame = Frames.Flow(0);
        for (var i = 0; i < 6; i++) frame[i] = (byte)(number >> (40 - (8 * i)));
        return frame;
    }
}
