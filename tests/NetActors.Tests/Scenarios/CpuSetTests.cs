using NetActors.Scenarios;

namespace NetActors.Tests.Scenarios;

public class CpuSetTests
{
    [Theory]
    [InlineData("0-3,8", "0-3,8")]
    [InlineData("3,2,1,1", "1-3")]
    [InlineData("", "")]
    [InlineData("1023", "1023")]
    public void A_list_reads_as_Linux_writes_it(string text, string list)
    {
        Assert.True(CpuSet.TryParseList(text, out var cpus));
        Assert.Equal(list, cpus.ToString());
    }

    [Theory]
    [InlineData("f", 4, "f")]
    [InlineData("ff", 16, "00ff")]
    [InlineData("1,00000003", 40, "01,00000003")]
    public void A_mask_reads_as_sysfs_writes_it(string text, int cpus, string mask)
    {
        Assert.True(CpuSet.TryParseMask(text, out var set));
        Assert.Equal(mask, set.ToMask(cpus));
    }

    [Theory]
    [InlineData("3-1")]
    [InlineData("1024")]
    [InlineData("a")]
    [InlineData("1-2-3")]
    [InlineData("1,")]
    public void Other_text_is_no_list(string text) => Assert.False(CpuSet.TryParseList(text, out _));

    [Theory]
    [InlineData("g")]
    [InlineData("")]
    [InlineData("123456789")]
    public void Other_text_is_no_mask(string text) => Assert.False(CpuSet.TryParseMask(text, out _));
}
