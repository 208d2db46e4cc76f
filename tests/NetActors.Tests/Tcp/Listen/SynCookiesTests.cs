using CsCheck;
using NetActors.Headers;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>Cookies as numbers: net/ipv4/syncookies.c.</summary>
public class SynCookiesTests
{
    private readonly SynCookies _cookies = new(new KernelRandom(1));
    private readonly KernelTime _now = KernelTime.FromSeconds(600);

    [Theory]
    [InlineData(100, 536)]
    [InlineData(536, 536)]
    [InlineData(1299, 536)]
    [InlineData(1300, 1300)]
    [InlineData(1440, 1440)]
    [InlineData(1459, 1440)]
    [InlineData(1460, 1460)]
    [InlineData(9000, 1460)]
    public void A_cookie_keeps_the_MSS_rounded_down_to_one_of_four(ushort mss, ushort kept)
    {
        var cookie = _cookies.Generate(Syn(), ref mss, _now);
        Assert.Equal(kept, mss);
        Assert.Equal(kept, _cookies.Check(Segment(TcpFlags.Ack, 101, cookie + 1), _now));
    }

    /// <summary>
    /// secure_tcp_syn_cookie: hash by the first secret + the peer's number + minute in the top byte + 24 bits of the hash by the second
    /// secret and the index of the MSS. siphash_4u32 hashes addresses and ports as on the wire, destination port first, then the minute.
    /// </summary>
    [Fact]
    public void The_cookie_is_the_kernels()
    {
        var (first, second) = (new SipHash(1, 2), new SipHash(3, 4));
        const string Flow = "c0000201" + "c0a80001" + "1f90" + "03e8"; // 192.0.2.1:1000 to 192.168.0.1:8080
        var base0 = (uint)first.Compute(Convert.FromHexString(Flow + "00000000"));
        var base1 = (uint)second.Compute(Convert.FromHexString(Flow + "0a000000"));
        ushort mss = 1450;
        var cookie = new SynCookies(first, second).Generate(Syn(sequence: 100), ref mss, KernelTime.FromSeconds(659.9));
        Assert.Equal(base0 + 100 + (10u << 24) + ((base1 + 2) & 0xFF_FFFF), cookie);
    }

    /// <summary>MAX_SYNCOOKIE_AGE: the minute of the cookie and the one after it.</summary>
    [Theory]
    [InlineData(600, 600, true)]
    [InlineData(600, 719, true)]
    [InlineData(600, 720, false)]
    [InlineData(659, 660, true)]
    [InlineData(659, 720, false)] // 61 s old, two minutes on
    [InlineData(660, 659, false)] // from the future
    public void A_cookie_is_good_for_its_minute_and_the_next(int made, int checkedAt, bool good)
    {
        ushort mss = 1460;
        var cookie = _cookies.Generate(Syn(), ref mss, KernelTime.FromSeconds(made));
        Assert.Equal(good ? 1460 : 0, _cookies.Check(Segment(TcpFlags.Ack, 101, cookie + 1), KernelTime.FromSeconds(checkedAt)));
    }

    [Fact]
    public void A_cookie_is_good_for_its_flow_and_its_host_only()
    {
        ushort mss = 1460;
        var cookie = _cookies.Generate(Syn(), ref mss, _now) + 1;
        var toOther = Segment(TcpFlags.Ack, 101, cookie);
        toOther.Destination++;
        var toOtherPort = Segment(TcpFlags.Ack, 101, cookie);
        toOtherPort.DestinationPort++;
        ListenSegment[] forged =
        [
            Segment(TcpFlags.Ack, 101, cookie, port: 1001), Segment(TcpFlags.Ack, 101, cookie, client: Client + 1),
            Segment(TcpFlags.Ack, 105, cookie), Segment(TcpFlags.Ack, 100, cookie), toOther, toOtherPort, // 102 would be MSS 1440
        ];
        Assert.All(forged, segment => Assert.Equal(0, _cookies.Check(segment, _now)));
        Assert.Equal(0, new SynCookies(new KernelRandom(2)).Check(Segment(TcpFlags.Ack, 101, cookie), _now));
    }

    /// <summary>The cookie is its number plus the peer's, so a peer's number moves it one to one.</summary>
    [Fact]
    public void The_peers_number_is_added()
    {
        ushort mss = 1460;
        var cookie = _cookies.Generate(Syn(sequence: 100), ref mss, _now);
        Assert.Equal(cookie + 50, _cookies.Generate(Syn(sequence: 150), ref mss, _now));
    }

    /// <summary>Of 2^32 numbers two minutes and four MSS values are good: a guess has a chance of 2^-29.</summary>
    [Fact]
    public void Random_guesses_fail() =>
        Gen.UInt.Sample(guess => _cookies.Check(Segment(TcpFlags.Ack, 101, guess), _now) == 0, seed: "0000KOIPe036", iter: 20_000);

    /// <summary>Turning any bits of a cookie breaks it, but for those that turn one MSS into another.</summary>
    [Fact]
    public void A_cookie_that_was_tampered_with_is_refused_or_holds_another_MSS()
    {
        ushort mss = 1300;
        var cookie = _cookies.Generate(Syn(), ref mss, _now);
        for (var bit = 0; bit < 32; bit++)
        {
            var found = _cookies.Check(Segment(TcpFlags.Ack, 101, (cookie ^ 1u << bit) + 1), _now);
            Assert.True(bit is 0 or 1 or 24 || found == 0, $"bit {bit} gave {found}");
        }
    }
}
