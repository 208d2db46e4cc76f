namespace NetActors.Cli.Tests.Lab;

public sealed class AdviseTests : IDisposable
{
    private static readonly string[] Ring = ["advise", "bottlenecks/small-ring", "--goal", "drops", "--duration", "10ms"];
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Drops_of_a_small_ring_are_cured_by_one_setting()
    {
        var result = _cli.Run(Ring);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"\nadvice\nethtool -(G eth0 rx|L eth0 combined 1)", result.Out); // one queue alone holds frames in the card's memory
        Assert.Contains("here: --set 'hosts.server.devices.eth0.", result.Out, StringComparison.Ordinal);
        Assert.Single(result.OutLines, l => l.StartsWith("ethtool", StringComparison.Ordinal));
        Assert.Matches(@"(?m)^drops +1/s +[\d ]+ +0 .*-100\.0\*$", result.Out); // and so with seeds that it had not seen
    }

    [Fact]
    public void Threads_do_not_show_in_the_advice() =>
        Assert.Equal(_cli.Run([.. Ring, "--jobs", "1"]).Out, _cli.Run([.. Ring, "--jobs", "3"]).Out);

    [Fact]
    public void One_busy_cpu_gets_help_for_throughput()
    {
        var result = _cli.Run("advise", "bottlenecks/interrupt-cpu", "--goal", "throughput", "--duration", "4ms", "--runs", "30");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"(?m)^(ethtool -L eth0 combined \d|for q in /sys/class/net/eth0/queues/rx-\*; do echo f[ef] > \$q/rps_cpus)", result.Out);
        Assert.Matches(@"(?m)^throughput +datagrams/s .*\+\d\d+\.\d\*$", result.Out);
    }

    [Fact]
    public void The_load_is_set_where_there_is_one_source()
    {
        var result = _cli.Run("advise", "udp-echo", "--goal", "p99", "--load", "5kpps", "--duration", "4ms", "--runs", "1");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("1 run of 4 ms, seed 1, then the runs were used up", result.Out, StringComparison.Ordinal);
        var two = _cli.Write("two.yaml", "hosts: { a: { devices: { eth0: { addresses: [10.0.0.1/24] } } } }\ntraffic:\n"
            + "  - { name: x, to: a.eth0, kind: udp-flood, rate: 1kpps, destination: \"10.0.0.1:9\" }\n  - { name: y, to: a.eth0, kind: udp-flood, rate: 1kpps, destination: \"10.0.0.1:9\" }\n");
        var several = _cli.Run("advise", two, "--goal", "cpu", "--load", "5kpps");
        Assert.Equal(ExitCode.Usage, several.ExitCode);
        Assert.Contains("write one of --load traffic.x.rate=5kpps, --load traffic.y.rate=5kpps", several.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCENARIO is missing", "advise", "--goal", "p99")]
    [InlineData("--goal FIGURE says what is to be better", "advise", "udp-echo")]
    [InlineData("not `busyest`; did you mean `busiest`?", "advise", "udp-echo", "--goal", "busyest")]
    [InlineData("--runs is a whole number", "advise", "udp-echo", "--goal", "p99", "--runs", "0")]
    [InlineData("`5` needs a unit", "advise", "udp-echo", "--goal", "p99", "--load", "5")]
    [InlineData("has no source with a rate", "advise", "ping", "--goal", "p99", "--load", "5kpps")]
    public void A_wrong_command_line_is_refused(string message, params string[] args)
    {
        var result = _cli.Run(args);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
    }

    [Fact]
    public void Ctrl_c_before_anything_was_tried_says_so()
    {
        var result = _cli.Run(["advise", "udp-echo", "--goal", "p99"], new CancellationToken(canceled: true));
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains("there is no advice yet", result.Error, StringComparison.Ordinal);
    }
}
