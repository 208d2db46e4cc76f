using System.Buffers.Binary;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class SipHashTests
{
    [Theory]
    [InlineData(0, "310e0edd47db6f72")] // SipHash paper, appendix A, and its reference implementation
    [InlineData(1, "fd67dc93c539f874")]
    [InlineData(8, "6224939a79f5f593")]
    [InlineData(15, "e545be4961ca29a1")]
    public void Published_hashes_come_out(int length, string littleEndianHash)
    {
        var key = SipHash.FromKey(Sequence(16));
        var hash = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, key.Compute(Sequence(length)));
        Assert.Equal(littleEndianHash, Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData(0xA1A1A1A1, 0xB2B2B2B2, 0xC3C3C3C3, 0xD4D4D4D4, "c0000201c0a80001", "3021b9d889017eeb")]
    [InlineData(0, 0, 0, 0, "c0000201c0a80001", "b7c12350a90dc8f5")]
    public void Fast_open_cookies_of_Linux_come_out(uint a, uint b, uint c, uint d, string addresses, string cookie)
    {
        var sip = new SipHash((ulong)b << 32 | a, (ulong)d << 32 | c);
        var hash = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, sip.Compute(Convert.FromHexString(addresses)));
        Assert.Equal(cookie, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => SipHash.FromKey(new byte[15]));

    private static byte[] Sequence(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)i;
        return bytes;
    }
}
