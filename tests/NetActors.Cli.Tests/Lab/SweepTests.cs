using System.Text.Json;
using NetActors.Lab.Sweeping;

namespace NetActors.Cli.Tests.Lab;

public sealed class SweepTests : IDisposable
{
    private static readonly string[] Queues =
        ["sweep", "rss-udp-flood", "--set", "hosts.server.devices.eth0.queues=1,2,4", "--set", "hosts.server.devices.eth0.smp_affinity_list={}", "--duration", "11ms", "--out", "q"];

    private readonly Cli _cli = new();

    private string Runs => Path.Combine(_cli.PathOf("q"), SweepStore.FileName);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Each_point_has_a_line_in_the_table_and_a_row_in_the_csv()
    {
        var csv = _cli.PathOf("q.csv");
        var result = _cli.Run([.. Queues, "--seeds", "2", "--csv", csv]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var lines = File.ReadAllLines(csv);
        Assert.StartsWith("hosts.server.devices.eth0.queues,seed,throughput,", lines[0], StringComparison.Ordinal);
        Assert.Equal(["1,1", "1,2", "2,1", "2,2", "4,1", "4,2"], lines[1..].Select(l => string.Join(',', l.Split(',')[..2])));
        var rates = lines[1..].Select(l => double.Parse(l.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.True(rates[0] < rates[2] && rates[2] < rates[4], "more queues take more");
        Assert.Equal(["queues", "1", "2", "4"], result.OutLines.Where(l => l.Length > 0).TakeLast(4).Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public void A_second_start_does_only_what_is_missing_and_gives_the_same()
    {
        var whole = _cli.Run([.. Queues, "--json", "-"]);
        var kept = File.ReadAllLines(Runs);
        Assert.Equal(3, kept.Length);
        File.WriteAllText(Runs, kept[1] + "\n" + kept[2][..40]); // one run is lost, another was cut off while it was written
        var again = _cli.Run([.. Queues, "--json", "-"]);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("1 of 3 runs are in ", again.Error, StringComparison.Ordinal);
        Assert.Equal(whole.Out, again.Out);
        Assert.Equal([kept[1], kept[2][..40]], File.ReadAllLines(Runs)[..2]);
        Assert.Equal(4, File.ReadAllLines(Runs).Length);
        Assert.Contains("3 of 3 runs are in ", _cli.Run(Queues).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_scenario_or_seed_is_another_run()
    {
        var file = _cli.Write("s.yaml", File.ReadAllText(Path.Combine(ComparisonLibraryTests.Repository(), "config", "scenarios", "udp-echo.yaml")));
        string[] args = ["sweep", file, "--set", "hosts.server.devices.eth0.mtu=1500,1400", "--duration", "1ms", "--out", "q"];
        Assert.Equal("", _cli.Run(args).Error);
        Assert.Contains("2 of 2 runs", _cli.Run(args).Error, StringComparison.Ordinal);
        Assert.Equal("", _cli.Run([.. args, "--seed", "9"]).Error);
        File.AppendAllText(file, "# changed\n");
        Assert.Equal("", _cli.Run(args).Error);
    }

    [Fact]
    public void Ctrl_c_keeps_what_is_done_and_the_same_command_goes_on()
    {
        using var source = new CancellationTokenSource();
        string[] args = ["sweep", "udp-echo", "--set", "seed=1..2000", "--duration", "2ms", "--out", "q", "--jobs", "1"];
        void PressAfterTheThird(string text)
        {
            if (text.Contains("\r3 of", StringComparison.Ordinal)) source.Cancel();
        }

        var result = _cli.Run(args, source.Token, watcher: PressAfterTheThird);
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains("interrupted: 3 of 2000 runs are kept in ", result.Error, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(Runs).Length);
        Assert.Equal(3, result.OutLines.Count(l => l.Length > 0 && char.IsAsciiDigit(l[0]) && !l.Contains("points", StringComparison.Ordinal)));
        var few = _cli.Run([.. args[..3], "seed=1..4", .. args[4..]]);
        Assert.Equal(0, few.ExitCode);
        Assert.Contains("3 of 4 runs are in ", few.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_do_not_show_in_the_results()
    {
        var alone = _cli.Run([.. Queues, "--jobs", "1", "--json", "-"]).Out;
        File.Delete(Runs);
        Assert.Equal(alone, _cli.Run([.. Queues, "--jobs", "3", "--json", "-"]).Out);
        using var json = JsonDocument.Parse(alone);
        Assert.Equal(["1", "2", "4"], json.RootElement.EnumerateArray().Select(r => r.GetProperty("set").EnumerateObject().Single().Value.GetString()));
    }

    [Fact]
    public void Two_sweeps_do_not_write_one_directory_at_once()
    {
        using var held = new SweepStore(_cli.PathOf("q"));
        var result = _cli.Run(Queues);
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
        Assert.Contains("--out: `q` cannot be written", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCENARIO is missing", "sweep")]
    [InlineData("nothing to sweep", "sweep", "udp-echo")]
    [InlineData("--set cpus: write KEY=VALUES", "sweep", "udp-echo", "--set", "cpus")]
    [InlineData("--set hosts.server.cpu=1: unknown key `cpu`", "sweep", "udp-echo", "--set", "hosts.server.cpu=1,2")]
    [InlineData("there is no figure `throughputt`", "sweep", "udp-echo", "--set", "seed=1,2", "--show", "throughputt")]
    [InlineData("goes down", "sweep", "udp-echo", "--set", "seed=9..1")]
    [InlineData("--out needs the name", "sweep", "udp-echo", "--set", "seed=1,2", "--out", "")]
    [InlineData("`/proc/nothing` cannot be written", "sweep", "udp-echo", "--set", "seed=1,2", "--out", "/proc/nothing")]
    [InlineData("more than 100000 points", "sweep", "udp-echo", "--set", "seed=1..1000", "--set", "hosts.server.cpus=1..1000")]
    public void A_wrong_command_line_is_refused(string message, params string[] args)
    {
        var result = _cli.Run(args);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
    }
}
