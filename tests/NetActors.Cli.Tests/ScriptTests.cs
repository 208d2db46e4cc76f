namespace NetActors.Cli.Tests;

public sealed class ScriptTests : IDisposable
{
    private const string Passes = """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
           +0 bind(3, ..., ...) = 0
           +0 listen(3, 5) = 0
           +0 < S 0:0(0) win 20000 <mss 1000>
           +0 > S. 0:0(0) ack 1 <...>
        """;

    private const string Fails = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 read(3, ..., 10) = 0\n";

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Script_that_passes_is_one_line()
    {
        var path = _cli.Write("a.pkt", Passes);
        Assert.Equal(new CliResult(0, $"ok     {path}\n", ""), _cli.Run("script", path));
    }

    [Fact]
    public void Script_that_fails_shows_its_line_expected_and_actual_and_the_dialogue()
    {
        var path = _cli.Write("b.pkt", Fails);
        var result = _cli.Run("script", path);
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            $"FAILED {path}\n{path}:2:4: read() answered otherwise\n  expected: 0\n"
            + "  actual:   -1 ENOTCONN (Transport endpoint is not connected)\n  so far:\n      0.000000 call socket() = 3\n"
            + "      0.000000 call read() = -1 ENOTCONN (Transport endpoint is not connected)\n",
            result.Out);
    }

    [Fact]
    public void Script_with_faults_shows_each_with_its_place()
    {
        var path = _cli.Write("c.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bnd(3, ..., ...) = 0\n+0 < S 0:0(0) wn 20000\n");
        var result = _cli.Run("script", path);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{path}:2:4: unknown system call 'bnd'; did you mean `bind`?\n{path}:3:15: ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_is_run_in_order_of_names_and_summed_up()
    {
        Directory.CreateDirectory(_cli.PathOf("sub"));
        _cli.Write("b.pkt", Fails);
        _cli.Write("a.pkt", Passes);
        _cli.Write("sub/c.pkt", Passes);
        _cli.Write("d.txt", "no script");
        foreach (var jobs in new[] { "1", "4" })
        {
            var result = _cli.Run("script", _cli.Directory, "--jobs", jobs);
            Assert.Equal(1, result.ExitCode);
            Assert.Equal(
                [$"ok     {_cli.PathOf("a.pkt")}", $"FAILED {_cli.PathOf("b.pkt")}", $"ok     {_cli.PathOf("sub/c.pkt")}"],
                result.OutLines.Where(line => line.StartsWith("ok ", StringComparison.Ordinal) || line.StartsWith("FAILED", StringComparison.Ordinal)));
            Assert.EndsWith("3 scripts, 1 failed\n", result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Link_that_leads_back_up_is_not_followed()
    {
        _cli.Write("a.pkt", Passes);
        Directory.CreateSymbolicLink(_cli.PathOf("loop"), _cli.Directory);
        Assert.Equal(new CliResult(0, $"ok     {_cli.PathOf("a.pkt")}\n", ""), _cli.Run("script", _cli.Directory));
    }

    [Fact]
    public void Verbose_shows_the_dialogue_of_a_script_that_passes()
    {
        var result = _cli.Run("script", _cli.Write("a.pkt", Passes), "--verbose");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("0.000000 < S 0:0(0) win 20000", result.Out, StringComparison.Ordinal);
        Assert.Contains("0.000000 > S. 0:0(0) ack 1", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Defines_and_options_of_the_caller_win_over_those_of_the_script()
    {
        var path = _cli.Write("d.pkt", "--ip_version=ipv6\n--define=BACKLOG=oops\n" + Passes.Replace("listen(3, 5)", "listen(3, BACKLOG)", StringComparison.Ordinal));
        Assert.Equal(1, _cli.Run("script", path).ExitCode);
        Assert.Equal(0, _cli.Run("script", path, "--option", "ip_version=ipv4", "-D", "BACKLOG=7").ExitCode);
    }

    [Fact]
    public void Ipv6_script_is_refused_clearly()
    {
        var path = _cli.Write("e.pkt", "--ip_version=ipv6\n" + Passes);
        Assert.Equal(
            new CliResult(1, $"FAILED {path}\n{path}: IPv6 is not emulated yet; `--option ip_version=ipv4` runs a script that fits both\n", ""),
            _cli.Run("script", path));
    }

    [Fact]
    public void Empty_script_fails_since_it_shows_nothing()
    {
        var path = _cli.Write("f.pkt", "");
        Assert.Equal(new CliResult(1, $"FAILED {path}\n{path}:1:1: the script has no events\n", ""), _cli.Run("script", path));
    }

    [Theory]
    [InlineData("netactors script: FILE.pkt is missing")]
    [InlineData("there is no script or directory `none.pkt`", "none.pkt")]
    [InlineData("--option: unknown option --ip_versoin; did you mean `ip_version`?", ".", "--option", "ip_versoin=ipv4")]
    [InlineData("--option: --ip_version must be ipv4, ipv4-mapped-ipv6 or ipv6, not '7'", ".", "--option", "ip_version=7")]
    [InlineData("--define needs NAME=VALUE, not `X`", ".", "-D", "X")]
    [InlineData("--jobs is a whole number from 1 to 256, not `0`", ".", "--jobs", "0")]
    public void Wrong_command_line_is_told_before_anything_runs(string message, params string[] words)
    {
        var result = _cli.Run(["script", .. words]);
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_without_scripts_is_a_mistake()
    {
        var result = _cli.Run("script", _cli.Directory);
        Assert.Equal((2, $"no *.pkt file in `{_cli.Directory}`\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public void Pcap_has_the_packets_of_both_directions_in_order_of_time()
    {
        var capture = _cli.PathOf("out.pcapng");
        Assert.Equal(0, _cli.Run("script", _cli.Write("a.pkt", Passes), "--pcap", capture).ExitCode);
        var bytes = File.ReadAllBytes(capture);
        Assert.Equal([0x0A, 0x0D, 0x0D, 0x0A], bytes[..4]); // the section header's type
        var (peer, host) = (new byte[] { 192, 0, 2, 1, 192, 168, 0, 2 }, new byte[] { 192, 168, 0, 2, 192, 0, 2, 1 });
        var (inbound, outbound) = (bytes.AsSpan().IndexOf(peer), bytes.AsSpan().IndexOf(host));
        Assert.True(inbound > 0 && outbound > inbound, $"{inbound} {outbound}");
    }

    [Fact]
    public void Pcap_of_several_scripts_is_a_mistake()
    {
        var (a, b) = (_cli.Write("a.pkt", Passes), _cli.Write("b.pkt", Passes));
        Assert.Equal(2, _cli.Run("script", a, b, "--pcap", _cli.PathOf("out.pcapng")).ExitCode);
    }

    [Fact]
    public void Settings_file_that_runs_itself_twice_ends()
    {
        _cli.Write("twice.sh", "./twice.sh\n./twice.sh\n");
        var result = _cli.Run("script", _cli.Write("g.pkt", "`./twice.sh`\n" + Passes));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("g.pkt:1:1: the shell has run 100000 commands: this has no end", result.Out, StringComparison.Ordinal);
    }
}
