namespace NetActors.Cli.Tests;

public sealed class UsageFaultTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("there is no command `rnu`; did you mean `run`?", "rnu")]
    [InlineData("SCENARIO is missing", "run")]
    [InlineData("CAPTURE is missing", "replay")]
    [InlineData("one word too many: `more`", "run", "udp-echo", "more")]
    [InlineData("there is no option `--sed`; did you mean `--set`?", "run", "udp-echo", "--sed", "3")]
    [InlineData("there is no option `--verbos`; did you mean `--verbose`?", "run", "udp-echo", "--verbos")]
    [InlineData("--set needs a value: KEY=VALUE", "run", "udp-echo", "--set")]
    [InlineData("--clock is virtual or real, not `vitual`; did you mean `virtual`?", "run", "udp-echo", "--clock", "vitual")]
    [InlineData("--log-level is verbose, debug, information, warning, error or fatal, not `loud`", "run", "udp-echo",
        "--log-level", "loud")]
    [InlineData("--show: there is no view `softnet`", "run", "udp-echo", "--show", "softnet")]
    [InlineData("did you mean `softirqs`?", "run", "udp-echo", "--show", "snmp,softirq")]
    [InlineData("--show and --json - both want standard output", "run", "udp-echo", "--show", "snmp", "--json", "-")]
    [InlineData("nosuch: there is no such file, and no scenario of this name (built in)", "run", "nosuch")]
    [InlineData("did you mean `udp-echo`?", "describe", "udp-ecko")]
    [InlineData("SCENARIO: the name is empty", "run", "")]
    [InlineData("--seed many: ", "run", "udp-echo", "--seed", "many")]
    [InlineData("--duration 5: `duration`: `5` needs a unit: ns, us, ms or s", "run", "udp-echo", "--duration", "5")]
    [InlineData("--set hosts.server.cpu=3: unknown key `cpu`", "run", "udp-echo", "--set", "hosts.server.cpu=3")]
    [InlineData("--set seed=q: ", "run", "udp-echo", "--set", "seed=q")]
    [InlineData("@file: there is no such file", "run", "@file")]
    [InlineData("--limit is a whole number", "trace", "udp-echo", "--limit", "0")]
    [InlineData("--to is before --from", "trace", "udp-echo", "--from", "2ms", "--to", "1ms")]
    [InlineData("--from: `2` needs a unit", "trace", "udp-echo", "--from", "2")]
    [InlineData("--packet is a hexadecimal number", "trace", "udp-echo", "--packet", "zz")]
    [InlineData("--flow is a hexadecimal number", "trace", "udp-echo", "--flow", "0x123456789")]
    [InlineData("the nearest is 'napi_poll'", "trace", "udp-echo", "--point", "nap_poll")]
    [InlineData("nosuch.pcap: there is no such file", "replay", "nosuch.pcap")]
    [InlineData("/tmp: is a directory", "replay", "/tmp")]
    [InlineData("--timing scaled needs --speed", "replay", "x.pcap", "--timing", "scaled")]
    [InlineData("--speed is for --timing scaled, not maximum", "replay", "x.pcap", "--timing", "maximum", "--speed", "2")]
    [InlineData("--speed is a number from 0.001 to 1000000, not `-1`", "replay", "x.pcap", "--speed", "-1")]
    public void A_wrong_command_line_is_refused_with_one_clear_message(string message, params string[] args)
    {
        var result = _cli.Run(args);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
        Assert.InRange(result.Error.TrimEnd().Split('\n').Length, 1, 2);
    }

    [Fact]
    public void All_faults_of_a_scenario_are_told_with_their_places()
    {
        var file = _cli.Write("bad.yaml", "duraton: 1ms\nhosts:\n  a:\n    cpus: many\n");
        var result = _cli.Run("run", file);
        var lines = result.Error.TrimEnd().Split('\n');
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"{file}:1:1: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("did you mean `duration`?", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{file}:4:11: ", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty.yaml", "", ":1:1: the file is empty")]
    [InlineData("list.yaml", "- 1\n", ":1:1: a scenario is a section of keys")]
    public void A_file_that_is_no_scenario_is_refused(string name, string text, string message)
    {
        var result = _cli.Run("run", _cli.Write(name, text));
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(name + message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_no_scenario()
    {
        var result = _cli.Run("run", _cli.Directory);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("is a directory", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("abc", "the file ends after 3 of the 4 bytes")]
    [InlineData("hello world", "neither pcap nor pcapng")]
    public void A_file_that_is_no_capture_is_refused(string text, string message)
    {
        var result = _cli.Run("replay", _cli.Write("x.pcap", text));
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--pcap")]
    public void An_output_that_cannot_be_written_costs_no_run(string option)
    {
        foreach (var (path, message) in new[]
        {
            (_cli.PathOf("none/x"), "cannot be written"), (_cli.Directory, "is a directory"), ("", "needs the name of a file"),
        })
        {
            var result = _cli.Run("run", "rss-udp-flood", "--duration", "3600s", option, path);
            Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
            Assert.Contains(message, result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_file_is_both_read_and_written_or_written_twice()
    {
        var capture = _cli.PathOf("in.pcap");
        File.Copy(Cli.CapturePath("linux-client.pcap"), capture);
        var before = File.ReadAllBytes(capture);
        File.CreateSymbolicLink(_cli.PathOf("link.pcap"), capture);
        foreach (var path in new[] { capture, _cli.PathOf("link.pcap") })
        {
            var onto = _cli.Run("replay", capture, "--pcap", path);
            Assert.Equal(ExitCode.Usage, onto.ExitCode);
            Assert.Contains("is the capture that is replayed", onto.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(capture));
        var twice = _cli.Run("run", "udp-echo", "--json", _cli.PathOf("o"), "--pcap", _cli.PathOf("o"));
        Assert.Contains("is what --json writes", twice.Error, StringComparison.Ordinal);
    }
}
