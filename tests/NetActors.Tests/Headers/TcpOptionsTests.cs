using CsCheck;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class TcpOptionsTests
{
    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(
            Gen.Int[0, 127],
            Gen.Select(Gen.UShort[1, 65535], Gen.Byte[0, 14], Gen.UInt, Gen.UInt),
            Gen.UInt.Array[8],
            Gen.Select(Gen.Int[1, 4], Gen.Bool)).Sample((present, numbers, edges, more) =>
        {
            var options = new TcpOptions { Present = (TcpOptionSet)present };
            if (options.Has(TcpOptionSet.Mss)) options.Mss = numbers.Item1;
            if (options.Has(TcpOptionSet.WindowScale)) options.WindowScale = numbers.Item2;
            if (options.Has(TcpOptionSet.Timestamps)) (options.TimestampValue, options.TimestampEcho) = (numbers.Item3, numbers.Item4);
            if (options.Has(TcpOptionSet.Md5)) options.Md5Offset = 4;
            if (options.Has(TcpOptionSet.FastOpen)) options.FastOpen = new FastOpenCookie((UInt128)edges[0] << 96, 4, more.Item2);
            if (options.Has(TcpOptionSet.Sack))
            {
                options.SackCount = (byte)more.Item1;
                for (var i = 0; i < more.Item1; i++) options.Sacks[i] = new SackBlock(edges[2 * i], edges[2 * i + 1]);
            }

            var bytes = new byte[TcpOptions.MaxBytes];
            var length = TcpOptionsWriter.Write(options, bytes);
            if (length < 0) return TcpOptionsWriter.Length(options) > TcpOptions.MaxBytes;
            return length % 4 == 0 && length == TcpOptionsWriter.Length(options)
                && Same(options, TcpOptions.Parse(bytes.AsSpan(0, length), syn: true));
        });

    [Fact]
    public void The_options_of_a_handshake_count_only_there()
    {
        var syn = Captures.Transport4(Captures.TcpSyn)[20..];
        Assert.Equal(TcpOptionSet.Timestamps, TcpOptions.Parse(syn, syn: false).Present);
        Assert.Equal(TcpOptionSet.None, TcpOptions.Parse(Convert.FromHexString("2202"), syn: false).Present);
    }

    [Theory]
    [InlineData("1e04abcd020405b4", TcpOptionSet.Mss)] // unknown kinds are passed over
    [InlineData("0203b4020405b4", TcpOptionSet.Mss)] // so are wrong lengths
    [InlineData("02040000", TcpOptionSet.None)] // an MSS of zero is none
    [InlineData("00020405b4", TcpOptionSet.None)] // nothing counts behind the end
    [InlineData("020405b40800020405b4", TcpOptionSet.Mss | TcpOptionSet.Malformed)] // a length of zero ends the walk
    [InlineData("020405b4080affff", TcpOptionSet.Mss | TcpOptionSet.Malformed)] // so does one beyond the header
    [InlineData("020405b408", TcpOptionSet.Mss | TcpOptionSet.Malformed)]
    [InlineData("0506aabbccdd", TcpOptionSet.None)] // half a block
    [InlineData("fe04f989", TcpOptionSet.FastOpen)]
    [InlineData("fe04e2d4", TcpOptionSet.None)] // another experiment
    [InlineData("1312000102030405060708090a0b0c0d0e0f", TcpOptionSet.Md5)]
    public void Odd_options_are_read_as_Linux_reads_them(string hex, TcpOptionSet present) =>
        Assert.Equal(present, TcpOptions.Parse(Convert.FromHexString(hex), syn: true).Present);

    [Fact]
    public void The_last_of_a_kind_counts() =>
        Assert.Equal(536, TcpOptions.Parse(Convert.FromHexString("020405b402040218"), syn: true).Mss);

    [Fact]
    public void A_window_scale_above_14_is_14() =>
        Assert.Equal(14, TcpOptions.Parse(Convert.FromHexString("0303ff"), syn: true).WindowScale);

    [Theory]
    [InlineData("2202", 0)] // a request
    [InlineData("220a3021b9d889017eeb", 8)]
    [InlineData("2204aabb", -1)] // too short
    [InlineData("2214000102030405060708090a0b0c0d0e0f1011", -1)] // too long
    public void A_cookie_has_a_length_or_is_a_request_or_wrong(string hex, int length)
    {
        var options = TcpOptions.Parse(Convert.FromHexString(hex), syn: true);
        Assert.True(options.Has(TcpOptionSet.FastOpen));
        Assert.Equal(length, options.FastOpen.Length);
    }

    [Fact]
    public void Options_that_do_not_fit_are_not_written()
    {
        var options = new TcpOptions { Present = TcpOptionSet.Mss, Mss = 1460 };
        Assert.Equal(-1, TcpOptionsWriter.Write(options, new byte[3]));
        options.Present = TcpOptionSet.Sack | TcpOptionSet.Timestamps;
        options.SackCount = 4;
        Assert.Equal(-1, TcpOptionsWriter.Write(options, new byte[60]));
    }

    private static bool Same(in TcpOptions left, in TcpOptions right)
    {
        for (var i = 0; i < left.SackCount; i++)
        {
            if (left.Sacks[i] != right.Sacks[i]) return false;
        }

        return left.Present == right.Present && left.Mss == right.Mss && left.WindowScale == right.WindowScale
            && left.TimestampValue == right.TimestampValue && left.TimestampEcho == right.TimestampEcho
            && left.SackCount == right.SackCount && left.FastOpen == right.FastOpen && left.Md5Offset == right.Md5Offset;
    }
}
