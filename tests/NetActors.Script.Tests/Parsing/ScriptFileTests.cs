using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;
using NetActors.Time;

namespace NetActors.Script.Tests.Parsing;

/// <summary>What stands around the events: options, comments, commands, definitions, and how faults are told.</summary>
public sealed class ScriptFileTests
{
    private const string Close = "close(3) = 0";

    [Fact]
    public void Comments_of_three_kinds_are_passed_over()
    {
        var script = Scripts.Read($"// one\n# two\n/* three\n * four */ 0 {Close} // five\n+1 {Close} # six");
        Assert.Equal([4, 5], script.Events.Select(step => step.Position.Line));
    }

    [Fact]
    public void Commands_before_and_behind_the_events_need_no_time()
    {
        var script = Scripts.Read($"`true`\n0 {Close}\n+0 `sysctl -q net.ipv4.tcp_sack=0`\n+0 {Close}\n`/tmp/sysctl_restore_${{PPID}}.sh`");
        Assert.Equal("true", script.Init!.Program.Text);
        Assert.IsType<CommandAction>(script.Events[1].Action);
        Assert.NotNull(script.Cleanup);
    }

    [Fact]
    public void A_script_without_commands_is_one_too()
    {
        var script = Scripts.Read("0 " + Close);
        Assert.Null(script.Init);
        Assert.Null(script.Cleanup);
    }

    [Fact]
    public void Without_options_the_defaults_are_those_of_packetdrill()
    {
        var settings = Scripts.Read("0 " + Close).Settings;
        Assert.Equal((ushort)8080, settings.BindPort);
        Assert.Equal((ushort)8080, settings.ConnectPort);
        Assert.Equal("192.0.2.1", settings.RemoteAddress.ToString());
        Assert.Equal(KernelTime.FromMilliseconds(4), settings.Tolerance);
        Assert.Equal(12.5, settings.TolerancePercent);
        Assert.Equal(0, settings.TimestampTickMicroseconds);
    }

    [Fact]
    public void Options_are_read_and_those_of_the_caller_win()
    {
        const string Text = """
            --ip_version=ipv6
            --tolerance_usecs=10000
            --local_ip=fd3d:0a0b:17d6::1 --remote_ip=2001:db8::1/32
            --mtu=1520
            --strict_segments
            --non_fatal=packet,syscall
            0 close(3) = 0
            """;
        var settings = Scripts.Read(Text, Scripts.With("tolerance_usecs=75000", "bind_port=9000")).Settings;
        Assert.Equal(ScriptIpVersion.Ipv6, settings.IpVersion);
        Assert.Equal(KernelTime.FromMilliseconds(75), settings.Tolerance);
        Assert.Equal("fd3d:a0b:17d6::1", settings.LocalAddress.ToString());
        Assert.Equal((1520, (ushort)9000), (settings.Mtu, settings.BindPort));
        Assert.True(settings.StrictSegments && settings.NonFatalPackets && settings.NonFatalSyscalls);
    }

    [Theory]
    [InlineData("--tolerence_usecs=5", "unknown option --tolerence_usecs", "tolerance_usecs")]
    [InlineData("--wire_server", "the option --wire_server is not supported", null)]
    [InlineData("--so_filename=x.so", "the option --so_filename is not supported", null)]
    [InlineData("--mtu=many", "--mtu must be a number from 0 to 65535, not 'many'", null)]
    [InlineData("--strict_segments=1", "--strict_segments takes no value", null)]
    [InlineData("--mtu", "--mtu needs a value", null)]
    [InlineData("--ip_version=ipv5", "--ip_version must be ipv4, ipv4-mapped-ipv6 or ipv6", null)]
    [InlineData("--local_ip=::1", "--local_ip must be an IPv4 address", null)]
    [InlineData("--netmask_ip=255.0.255.0", "--netmask_ip must be a netmask", null)]
    public void Wrong_options_are_told(string option, string message, string? suggestion)
    {
        var fault = Assert.Single(Scripts.Faults($"// first\n  {option}\n0 {Close}"));
        Assert.Equal(new ScriptPosition(2, 3), fault.Position);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(suggestion, fault.Suggestion);
    }

    [Fact]
    public void Defined_words_stand_for_words_numbers_strings_and_commands()
    {
        var options = new ScriptParserOptions { Defines = new Dictionary<string, string> { ["CC"] = "\"reno\"", ["LEVEL"] = "SOL_TCP" } };
        var script = Scripts.Read(
            "--define=SIZE=5 --define=LEVEL=SOL_UDP --define=DONE=`true`\n0 setsockopt(3, LEVEL, TCP_CONGESTION, CC, SIZE) = 0\nDONE",
                options);
        var call = Assert.IsType<SyscallAction>(script.Events[0].Action);
        Assert.Equal(6, Assert.IsType<IntegerExpression>(call.Arguments[1]).Value);
        Assert.Equal("reno"u8.ToArray(), Assert.IsType<StringExpression>(call.Arguments[3]).Bytes);
        Assert.Equal(5, Assert.IsType<IntegerExpression>(call.Arguments[4]).Value);
        Assert.Equal("true", script.Cleanup!.Program.Text);
    }

    [Fact]
    public void All_faults_of_a_file_are_told_in_its_order()
    {
        var faults = Scripts.Faults("""
            --nosuch=1
            0 socket(..., SOCK_STRAM, IPPROTO_TCP) = 3
            +0 < S 0:0(0) <mss 1000>
            +0 listen(3, 1) = 0
            +0 %{ assert tcpi_stat == 1; import os }%
            +0 `frobnicate --all`
            +0 > X. 1:1(0)
            """);
        Assert.Equal([(1, 1), (2, 15), (3, 15), (5, 14), (5, 30), (6, 5), (7, 6)],
            faults.Select(fault => (fault.Position.Line, fault.Position.Column)));
        Assert.Equal("test.pkt:2:15: unknown symbol 'SOCK_STRAM'; did you mean `SOCK_STREAM`?", faults[1].ToString());
        Assert.Equal("tcpi_state", faults[3].Suggestion);
        Assert.Contains("'import' is not supported", faults[4].Message, StringComparison.Ordinal);
        Assert.Contains("the shell command 'frobnicate' is not supported", faults[5].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_fault_inside_a_call_of_many_lines_reading_goes_on_at_the_next_event()
    {
        var faults = Scripts.Faults("""
            0 recvmsg(4, {msg_name(...)=...,
                msg_iof(1)=[{..., 5}],
                msg_flags=0}, 0) = 5
            +0 close(NOSUCH) = 0
            """);
        Assert.Equal([2, 4], faults.Select(fault => fault.Position.Line));
    }

    [Theory]
    [InlineData("0 close(3) = 0\n/* no end", 2, 1, "the comment has no end")]
    [InlineData("0 close(3) = 0\n+0 %{ assert 1", 2, 4, "%{ has no end")]
    [InlineData("0 close(3) = 0\n+0 `true", 2, 4, "has no end: ` is missing")]
    [InlineData("0 close(\"a", 1, 9, "has no end: \" is missing")]
    [InlineData("", 1, 1, "the script has no events")]
    [InlineData("0 close(3) = 0\n--mtu=5", 2, 1, "options must come before everything else")]
    [InlineData("`true`\n`true`\n0 close(3) = 0", 2, 1, "a second command needs a time")]
    [InlineData("0 close(3) = 0\n`true`\n+0 close(3) = 0", 3, 1, "only the last command of a script may be without a time")]
    [InlineData("0 ;", 1, 3, "expected a packet")]
    public void What_has_no_end_or_stands_at_the_wrong_place_is_told(string text, int line, int column, string message)
    {
        var fault = Scripts.Faults(text)[0];
        Assert.Equal(new ScriptPosition(line, column), fault.Position);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_counted_in_characters_behind_tabulators_and_comments_of_many_lines() =>
        Assert.Equal(new ScriptPosition(2, 9), Scripts.Faults("/* a\n b */\t0\tclos(3) = 0")[0].Position);
}
