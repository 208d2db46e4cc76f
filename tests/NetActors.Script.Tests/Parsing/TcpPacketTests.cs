using NetActors.Headers;
using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;

namespace NetActors.Script.Tests.Parsing;

public sealed class TcpPacketTests
{
    private static TcpPacketSpec Tcp(string text, params string[] options) =>
        Scripts.Packet<TcpPacketSpec>("0 " + text, Scripts.With(options));

    private static TcpOptionSpec[] Options(string text) => [.. Tcp($"> . 1:1(0) ack 1 <{text}>").Options!];

    [Theory]
    [InlineData("S", TcpFlags.Syn)]
    [InlineData("S.", TcpFlags.Syn | TcpFlags.Ack)]
    [InlineData(".", TcpFlags.Ack)]
    [InlineData("P.", TcpFlags.Psh | TcpFlags.Ack)]
    [InlineData("F.", TcpFlags.Fin | TcpFlags.Ack)]
    [InlineData("FP.", TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Ack)]
    [InlineData("R", TcpFlags.Rst)]
    [InlineData("U.", TcpFlags.Urg | TcpFlags.Ack)]
    [InlineData("SEW", TcpFlags.Syn | TcpFlags.Ece | TcpFlags.Cwr)]
    [InlineData("SEWA", TcpFlags.Syn | TcpFlags.Ece | TcpFlags.Cwr | TcpFlags.Ae)]
    [InlineData("-", TcpFlags.None)]
    [InlineData("P.5", TcpFlags.Psh | TcpFlags.Ack | TcpFlags.Ae | TcpFlags.Ece)]
    [InlineData(".6", TcpFlags.Ack | TcpFlags.Ae | TcpFlags.Cwr)]
    [InlineData("F5.", TcpFlags.Fin | TcpFlags.Ack | TcpFlags.Ae | TcpFlags.Ece)]
    public void Flags_are_read(string flags, TcpFlags expected) => Assert.Equal(expected, Tcp($"> {flags} 0:0(0)").Flags);

    [Theory]
    [InlineData("ECN e0b 1 ceb 2 e1b 3,nop", TcpOptionKinds.AccurateEcn0, 11)]
    [InlineData("ECN e1b 1 ceb 2,nop,nop,nop,nop", TcpOptionKinds.AccurateEcn1, 8)]
    [InlineData("ECN,nop,nop", TcpOptionKinds.AccurateEcn1, 2)]
    public void Counters_of_accurate_ecn_are_read(string text, byte kind, int size)
    {
        var option = Options(text)[0];
        Assert.Equal((kind, size), (option.Kind, option.Size));
    }

    [Fact]
    public void All_fields_are_read()
    {
        var tcp = Tcp("< P. 1:101(100) ack 51 win 20000 urg 7 <nop,nop,TS val 5 ecr 6>");
        Assert.Equal(PacketDirection.Inbound, tcp.Direction);
        Assert.Equal((1u, 100, 51u), (tcp.Sequence, tcp.PayloadLength, tcp.Acknowledgment));
        Assert.Equal(((ushort)20000, (ushort)7), (tcp.Window!.Value, tcp.UrgentPointer));
        Assert.Equal([new NopOption(), new NopOption(), new TimestampOption(5, 6)], tcp.Options);
        Assert.Null(tcp.Ports);
        Assert.Equal(new ScriptPosition(1, 3), tcp.Position);
    }

    [Fact]
    public void What_is_not_said_is_not_there()
    {
        var tcp = Tcp("> R 1:1(0)");
        Assert.Null(tcp.Window);
        Assert.Empty(tcp.Options!);
        Assert.Equal(0u, tcp.Acknowledgment);
        Assert.Equal(IpSpec.Unstated, tcp.Ip);
    }

    [Fact]
    public void An_ellipsis_of_options_takes_any() => Assert.Null(Tcp("> S. 0:0(0) ack 1 <...>").Options);

    [Fact]
    public void Sequence_numbers_wrap_at_the_end_of_32_bits() =>
        Assert.Equal(4294967295u, Tcp("> . 4294967295:99(100) ack 1").Sequence);

    [Fact]
    public void Ports_can_be_written() => Assert.Equal(new PortPair(5000, 80), Tcp("< 5000 > 80 S 0:0(0) win 5").Ports);

    [Fact]
    public void Each_option_is_read()
    {
        Assert.Equal([new MssOption(1460), new SackPermittedOption(), new TimestampOption(100, 0), new NopOption(),
            new WindowScaleOption(7)],
            Options("mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7"));
        Assert.Equal([new EndOption(), new EndOption(), new EndOption(), new EndOption()], Options("eol,eol,eol,eol"));
    }

    [Fact]
    public void Sack_blocks_follow_each_other_without_commas()
    {
        var sack = Assert.IsType<SackOption>(Options("nop,nop,sack 5001:6001 2001:3001")[2]);
        Assert.Equal([(5001u, 6001u), (2001u, 3001u)], sack.Blocks);
        Assert.Equal(18, sack.Size);
    }

    [Theory]
    [InlineData("FO 3021b9d889017eeb,nop,nop", false, "3021b9d889017eeb")]
    [InlineData("FO 10203040,nop,nop", false, "10203040")]
    [InlineData("nop,nop,FO", false, "")]
    [InlineData("FOEXP 0x01020304", true, "01020304")]
    public void Fast_open_cookies_are_hexadecimal_with_letters_or_without(string text, bool experimental, string cookie)
    {
        var option = Assert.Single(Options(text).OfType<FastOpenOption>());
        Assert.Equal(experimental, option.IsExperimental);
        Assert.Equal(cookie, Convert.ToHexStringLower([.. option.Cookie]));
    }

    [Fact]
    public void A_digest_and_options_that_nobody_knows_are_raw_bytes()
    {
        var md5 = Assert.IsType<RawOption>(Options("md5 000102030405060708090a0b0c0d0e0f,nop,nop")[0]);
        Assert.Equal((TcpOptionKinds.Md5, 18), (md5.Kind, md5.Size));
        var unknown = Assert.IsType<RawOption>(Options("unknown 77 abcd")[0]);
        Assert.Equal((77, 4), (unknown.Kind, unknown.Size));
    }

    [Theory]
    [InlineData("[ect0]", TosCheck.Ecn, 2)]
    [InlineData("[ect1]", TosCheck.Ecn, 1)]
    [InlineData("[ce]", TosCheck.Ecn, 3)]
    [InlineData("[noecn]", TosCheck.Ecn, 0)]
    [InlineData("[ect01]", TosCheck.EctEither, 0)]
    [InlineData("(tos 0x10)", TosCheck.Tos, 16)]
    public void Marks_of_the_IP_header_are_read(string text, TosCheck check, byte tos)
    {
        var ip = Tcp($"> {text} . 1:1(0) ack 1").Ip;
        Assert.Equal((check, tos), (ip.TosCheck, ip.Tos));
    }

    [Fact]
    public void Time_to_live_and_flow_label_are_read()
    {
        Assert.Equal((byte)3, Tcp("< [ttl 3] . 1:1(0) ack 1 win 5").Ip.Ttl);
        Assert.Equal(0x2bcu, Tcp("> (ect0, flowlabel 0x2bc) . 1:1(0) ack 1", "ip_version=ipv6").Ip.FlowLabel);
    }

    [Theory]
    [InlineData("< S 0:0(0)", 11, "an inbound packet needs a window")]
    [InlineData("> S 0:1(0)", 5, "do not fit each other")]
    [InlineData("> SX 0:0(0)", 4, "invalid TCP flag 'X'")]
    [InlineData("> P8. 0:0(0)", 4, "invalid TCP flag '8'")]
    [InlineData("> .9 1:1(0)", 3, "the AccECN counter '9' is not one of 0 to 7")]
    [InlineData("> S 0:0(0) <mss 1460,ECN ceb 1>", 26, "'ceb'")]
    [InlineData("> S 0:0(0) <mss 70000>", 17, "the MSS must be from 0 to 65535")]
    [InlineData("> S 0:0(0) <nop>", 12, "no multiple of 4")]
    [InlineData("> S 0:0(0) <FO abc,nop,nop>", 16, "odd number of hexadecimal digits")]
    [InlineData("> S 0:0(0) <FO xyzw,nop,nop>", 16, "is not hexadecimal")]
    [InlineData("> S 0:0(0) <sack 1:2 3:4 5:6 7:8 9:10,nop,nop>", 12, "more than the 40")]
    [InlineData("< S 0:0(0) win 5 <...>", 19, "can only be used with an outbound packet")]
    [InlineData("< [ect01] S 0:0(0) win 5", 4, "[ect01] can only be used with an outbound packet")]
    [InlineData("> [flowlabel 0x1] S 0:0(0)", 4, "only IPv6 packets have a flow label")]
    [InlineData("> gre: S 0:0(0)", 3, "encapsulation in 'gre' is not supported")]
    [InlineData("> mpls (label 0, tc 0, ttl 0): S 0:0(0)", 3, "encapsulation in 'mpls' is not supported")]
    [InlineData("< S 0:0(0) win 5 {mut tcp mss}", 18, "the mutation of packets")]
    public void What_cannot_be_is_refused_at_its_place(string text, int column, string message)
    {
        var fault = Assert.Single(Scripts.Faults("0 " + text));
        Assert.Equal(new ScriptPosition(1, column + 2), fault.Position);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_that_is_misspelt_is_told_with_the_nearest_name() =>
        Assert.Equal("sackOK", Assert.Single(Scripts.Faults("0 > S 0:0(0) <sackok,nop,nop>")).Suggestion);
}
