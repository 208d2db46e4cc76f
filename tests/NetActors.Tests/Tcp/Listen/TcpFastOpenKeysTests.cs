using System.Globalization;
using NetActors.Headers;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>Cookies confirmed on Linux 6.18: ../shared/conformance/vectors, tcp_fastopen_cookie.</summary>
public class TcpFastOpenKeysTests
{
    [Theory]
    [InlineData("a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4", "3021b9d889017eeb")]
    [InlineData("00000000-00000000-00000000-00000000", "b7c12350a90dc8f5")]
    public void The_cookies_of_Linux_come_out_over_IPv4(string key, string cookie)
    {
        Assert.True(TcpFastOpenKeys.TryParse(key, out var keys));
        Assert.Equal(cookie, Hex(TcpFastOpenKeys.Cookie(keys.Primary, 0xC000_0201, 0xC0A8_0001)));
    }

    [Theory]
    [InlineData("a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4", "c1d1e9742a47a9bc")]
    [InlineData("00000000-00000000-00000000-00000000", "82af1a8f9a205c34")]
    public void The_cookies_of_Linux_come_out_over_IPv6(string key, string cookie)
    {
        Assert.True(TcpFastOpenKeys.TryParse(key, out var keys));
        var client = UInt128.Parse("fd3dfa7bd17d00000000000000000001", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var server = UInt128.Parse("fd3d0a0b17d600000000000000000001", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal(cookie, Hex(TcpFastOpenKeys.Cookie(keys.Primary, client, server)));
    }

    [Fact]
    public void A_second_key_stands_behind_a_comma()
    {
        Assert.True(TcpFastOpenKeys.TryParse("1-2-3-4,5-6-7-8", out var keys));
        Assert.Equal(new SipHash(0x2_0000_0001, 0x4_0000_0003), keys.Primary);
        Assert.Equal(new SipHash(0x6_0000_0005, 0x8_0000_0007), keys.Backup);
        Assert.True(TcpFastOpenKeys.TryParse("1-2-3-4", out keys));
        Assert.Null(keys.Backup);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1-2-3")]
    [InlineData("1-2-3-4-5")]
    [InlineData("1-2-3-x")]
    [InlineData("1-2-3-100000000")]
    [InlineData("1-2-3-4,")]
    public void Other_text_is_refused(string text) => Assert.False(TcpFastOpenKeys.TryParse(text, out _));

    private static string Hex(FastOpenCookie cookie)
    {
        var bytes = new byte[cookie.Length];
        cookie.Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
