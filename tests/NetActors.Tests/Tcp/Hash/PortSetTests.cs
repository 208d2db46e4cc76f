using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Hash;

public class PortSetTests
{
    [Fact]
    public void Ports_and_ranges_are_read()
    {
        Assert.True(PortSet.TryParse(" 8080, 9148-9150 ,65535,1-1", out var ports));
        Assert.Equal([1, 8080, 9148, 9149, 9150, 65535], Enumerable.Range(0, 65536).Where(port => ports.Contains((ushort)port)));
        Assert.True(PortSet.TryParse("", out ports));
        Assert.DoesNotContain(Enumerable.Range(0, 65536), port => ports.Contains((ushort)port));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("1,,2")]
    [InlineData("5-4")]
    [InlineData("65536")]
    [InlineData("1-2-3")]
    [InlineData("-5")]
    public void Other_text_is_refused(string text) => Assert.False(PortSet.TryParse(text, out _));
}
