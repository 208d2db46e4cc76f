using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class Ipv4OptionsTests
{
    [Fact]
    public void Options_are_walked_to_the_end_option()
    {
        byte[] bytes = [1, 148, 4, 0, 0, 7, 3, 4, 0, 68, 4, 5, 0];
        var types = new List<byte>();
        foreach (var option in new Ipv4Options(bytes)) types.Add(option.Type);
        Assert.Equal([1, 148, 7], types);
        Assert.True(new Ipv4Options(bytes).TryValidate(out _));
    }

    [Theory]
    [InlineData("83", 20)] // a length is missing
    [InlineData("010144", 22)]
    [InlineData("4401", 20)] // length below 2
    [InlineData("440c0501", 20)] // length beyond the header
    [InlineData("0702", 21)] // record route without a pointer
    [InlineData("070703aaaaaaaa", 22)] // pointer before the first address
    [InlineData("070706aaaaaaaa", 22)] // pointer inside an address
    [InlineData("070304070304", 23)] // twice
    [InlineData("8302", 21)]
    [InlineData("830303", 22)]
    [InlineData("8307040a000001890704", 27)] // does not fit
    [InlineData("8307040a00000189070401020304", 27)] // two source routes
    [InlineData("440305", 21)]
    [InlineData("44040400", 22)]
    [InlineData("440405f0", 23)] // no room, and the overflow counter is full
    [InlineData("440805010a000001", 22)] // no room for address and time stamp
    [InlineData("940300", 21)]
    public void A_fault_is_answered_with_its_place(string hex, int pointer)
    {
        Assert.False(new Ipv4Options(Convert.FromHexString(hex)).TryValidate(out var found));
        Assert.Equal(pointer, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00ffffff")] // nothing counts behind the end
    [InlineData("01010101")]
    [InlineData("070704aaaaaaaa")]
    [InlineData("070708aaaaaaaa")] // full, as routers leave it
    [InlineData("440405e0")] // full, one more may be counted
    [InlineData("440c05010a00000100000000")]
    [InlineData("c8040000")] // unknown
    public void Good_options_are_accepted(string hex) =>
        Assert.True(new Ipv4Options(Convert.FromHexString(hex)).TryValidate(out _));
}
