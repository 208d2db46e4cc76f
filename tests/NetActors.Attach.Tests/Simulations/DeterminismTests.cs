using System.Diagnostics;
using CsCheck;
using NetActors.Tests.Simulations;

namespace NetActors.Attach.Tests.Simulations;

/// <summary>The same scenario and seed give the same bytes: twice, beside another run, and on another number of the machine's CPUs.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> Scenarios => ["elephant-flow", "lossy-wire", "rss-udp-flood", "single-queue-host", "udp-echo", "udp-rpc-closed-loop", "zipf-flood"];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Same_seed_gives_the_same_bytes_twice_and_another_seed_others(string name)
    {
        var scenario = Files.Shipped(name, "duration=5ms", "report.warm-up=0ns");
        var first = Fingerprint.Of(scenario);
        Assert.Equal(first, Fingerprint.Of(scenario));
        Assert.NotEqual(first, Fingerprint.Of(scenario with { Seed = scenario.Seed + 1 }));
    }

    public static TheoryData<string> Library => [.. Files.Library];

    [Theory]
    [MemberData(nameof(Library))]
    public void Every_scenario_of_the_library_gives_the_same_bytes_twice(string name)
    {
        var isLarge = name.StartsWith("calibration/", StringComparison.Ordinal); // thousands of connections
        var scenario = Files.Shipped(name, isLarge ? "duration=1ms" : "duration=2ms", "report.warm-up=0ns");
        var (json, capture) = Fingerprint.Run(scenario);
        Assert.InRange(capture.Length, 1000, int.MaxValue); // it has begun to work
        var again = Fingerprint.Run(scenario);
        Assert.Equal(json, again.Json);
        Assert.Equal(capture, again.Capture);
    }

    [Fact]
    public void Random_scenario_gives_the_same_bytes_twice() => RandomScenarios.Any.Sample(
        text =>
        {
            var scenario = Files.Text(text);
            Assert.Equal(Fingerprint.Of(scenario), Fingerprint.Of(scenario));
        },
        iter: 40,
        threads: 1);

    [Fact]
    public void Runs_at_the_same_time_give_the_bytes_of_a_run_alone()
    {
        string[] names = ["rss-udp-flood", "lossy-wire", "udp-rpc-closed-loop", "rss-udp-flood"];
        var alone = names.Select(n => Fingerprint.Of(Files.Shipped(n, "duration=5ms", "report.warm-up=0ns"))).ToArray();
        var together = new string[names.Length];
        var threads = names.Select((n, i) => new Thread(() => together[i] = Fingerprint.Of(Files.Shipped(n, "duration=5ms", "report.warm-up=0ns")))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(alone, together);
    }

    [Theory]
    [InlineData("lossy-wire")]
    [InlineData("udp-rpc-closed-loop")]
    public void Another_process_on_one_CPU_gives_the_same_bytes(string name) =>
        Assert.Equal(Fingerprint.Of(Files.Shipped(name)), OnOneCpu(Files.PathOf(name)));

    private static string OnOneCpu(string scenario)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(DeterminismTests).Assembly.Location, "fingerprint", scenario])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_PROCESSOR_COUNT"] = "1" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }
}
