using System.Globalization;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Cli.Tests.Lab;

/// <summary>What the comparisons under config/comparisons/questions are said to show holds, with margins, in a short run of one seed.</summary>
public sealed class QuestionTests
{
    private static readonly string Folder = Path.Combine(ComparisonLibraryTests.Repository(), "config", "comparisons", "questions");

    /// <summary>Of each file: its claims, `METRIC: VARIANT (less) FACTOR VARIANT`.</summary>
    private static readonly Dictionary<string, string[]> Claims = new(StringComparer.Ordinal)
    {
        ["one-core-full"] = ["busiest: 99 < as it is", "throughput: as it is < 0.6 RPS to CPUs 1-7", "throughput: as it is < 0.6 a CPU for each interrupt", "core_us: a CPU for each interrupt < 0.9 RPS to CPUs 1-7"],
        ["rps-mask-full"] = ["throughput: mask on eth1 < 0.6 mask f on eth0", "throughput: mask f on eth0 < 0.8 mask e on eth0", "busiest: 99 < mask e on eth0", "throughput: mask e on eth0 < 0.97 four queues"],
        ["irq-cpu-in-mask"] = ["throughput: high, mask f < 0.97 high, mask e", "p99: high, mask e < 0.1 high, mask f", "core_us: low, mask f < 0.99 low, mask e", "core_us: low, no mask < 0.9 low, mask f"],
        ["hyperthreads"] = ["throughput: a thread of the next core < 0.9 the interrupt's sibling", "core_us: three siblings, one the interrupt's < 0.98 three cores"],
        ["queue-per-core"] = ["throughput: RPS < 0.97 RFS", "throughput: RFS < 0.97 neither", "throughput: neither < 0.95 listeners by CPU", "ipis: neither < 0.1 RPS"],
        ["one-tunnel"] = ["throughput: RPS to seven others < 1.01 RPS to one other CPU", "throughput: RPS to one other CPU < 1.01 RPS to seven others", "throughput: RPS to one other CPU < 1.1 one flow", "throughput: one flow < 0.6 256 flows"],
        ["hash-on-addresses"] = ["throughput: addresses < 0.5 addresses and ports", "busiest: 99 < addresses"],
        ["time-squeeze"] = ["squeezed: budget 3000, 2 ms < 0.1 budget 300, 2 ms", "squeezed: budget 3000, 2 ms < 1.001 budget 30000, 2 ms", "squeezed: budget 30000, 20 ms < 1", "throughput: budget 300, 2 ms < 1.01 budget 30000, 20 ms", "throughput: budget 30000, 20 ms < 1.01 budget 300, 2 ms"],
        ["dedicated-irq-core"] = ["throughput: most, 2 + 6 < 0.9 most, 1 + 7", "throughput: most, 1 + 7 < 0.96 most, 8 shared", "p95: 100 kpps, 8 shared < 0.97 100 kpps, 1 + 7"],
        ["rfs-tables"] = ["throughput: no RFS < 0.99 64 entries", "throughput: 64 entries < 0.97 512 entries", "throughput: 512 entries < 1 4096 entries", "throughput: 4096 entries < 1.01 32768 entries", "throughput: 32768 entries < 1.01 4096 entries"],
        ["arfs-queues"] = ["throughput: same CPUs, no steering < 0.95 same CPUs, aRFS", "throughput: same CPUs, RFS in software < 0.97 same CPUs, no steering", "throughput: other CPUs, aRFS < 0.96 other CPUs, no steering", "ipis: same CPUs, aRFS < 0.01 same CPUs, RFS in software"],
        ["ring-or-cpu"] = ["throughput: bursts, ring 256 < 0.5 bursts, ring 4096", "drops: bursts, ring 4096 < 1", "drops: flood, ring 256 < 1.01 flood, ring 4096", "drops: flood, ring 4096 < 1.01 flood, ring 256"],
        ["coalescing"] = ["p50: 0 us < 0.8 8 us", "p50: 8 us < 0.75 62 us", "p50: 62 us < 0.97 84 us", "core_us: 84 us < 0.99 62 us", "core_us: 62 us < 0.93 8 us", "core_us: 8 us < 0.97 0 us"],
        ["nonlinear-si"] = ["core_us: 400 kpps < 0.85 200 kpps", "core_us: 900 kpps < 0.75 400 kpps", "core_us: 2400 kpps < 0.75 1200 kpps", "busiest: 900 kpps < 0.8 2400 kpps"],
        ["starved-app"] = ["throughput: the interrupt's CPU < 0.3 the other CPU", "throughput: the interrupt's CPU < 0.5 the interrupt's CPU, threaded NAPI", "throughput: the interrupt's CPU < 0.3 the interrupt's CPU, nice -10"],
        ["router-masks"] = ["throughput: mask 1 < 0.75 mask 0", "throughput: mask 0 < 0.99 mask 2", "throughput: mask 2 < 0.75 interrupts apart", "throughput: interrupts apart, mask 3 < 0.9 interrupts apart"],
        ["uneven-accept"] = ["core_us: one queue, EPOLLEXCLUSIVE < 0.95 one queue", "core_us: SO_REUSEPORT by hash < 0.95 one queue", "busiest: SO_REUSEPORT by hash < 0.8 one queue, EPOLLEXCLUSIVE", "ipis: one queue, EPOLLEXCLUSIVE < 0.6 one queue"],
        ["xps"] = ["throughput: by hash < 0.97 XPS", "core_us: XPS < 0.97 by hash"],
        ["rps-own-cpu"] = ["core_us: no RPS < 0.96 each queue's own CPU", "core_us: each queue's own CPU < 0.9 the next queue's CPU", "throughput: saturated, own CPU < 0.95 saturated, no RPS", "p50: no RPS < 0.95 each queue's own CPU"],
        ["app-placement"] = ["p50: 30 kpps, the interrupt's CPU < 30 kpps, its sibling", "p50: 30 kpps, its sibling < 30 kpps, another core", "p50: 30 kpps, another core < 30 kpps, another node", "throughput: most, the interrupt's CPU < 0.95 most, another core", "throughput: most, another node < 0.95 most, another core"],
        ["small-flows"] = ["throughput: flow limit off < 0.9 flow limit on", "p99: flow limit on < 0.7 flow limit off"],
    };

    public static TheoryData<string> Files => [.. Names];

    private static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_question_is_answered_as_its_file_says(string name)
    {
        var path = Path.Combine(Folder, name + ".yaml");
        var comparison = ComparisonReader.Read(File.ReadAllText(path), path).Comparison!;
        var library = new Commands.ScenarioLibrary(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Directory = Folder });
        var variants = comparison.Variants.Select(v => (v, (IReadOnlyList<ScenarioFile>)[Short(library.Read(v.Scenario, v.Set).Scenario!)])).ToList();
        var results = ComparisonRun.Execute(variants, new LabOptions(comparison.Host), 2, () => { }, CancellationToken.None)!;
        Assert.All(results, r => Assert.Empty(r.Runs[0].Faults));
        var figures = results.ToDictionary(r => r.Variant.Name, r => r.Runs[0], StringComparer.Ordinal);
        Assert.Equal("", string.Join('\n', Claims[name].Select(c => Refuted(c, figures)).OfType<string>()));
    }

    [Fact]
    public void Every_claim_is_about_a_file() => Assert.Empty(Claims.Keys.Except(Names));

    private static ScenarioFile Short(ScenarioFile scenario) =>
        scenario with { Duration = KernelTime.FromNanoseconds(Math.Min(scenario.Duration.Nanoseconds, 25_000_000)) };

    private static string? Refuted(string claim, Dictionary<string, RunFigures> figures)
    {
        var (colon, less) = (claim.IndexOf(": ", StringComparison.Ordinal), claim.IndexOf(" < ", StringComparison.Ordinal));
        var metric = claim[..colon];
        var (small, large) = (Value(claim[(colon + 2)..less], metric, figures), Value(claim[(less + 3)..], metric, figures));
        return small < large ? null : $"{claim}: {small} is not below {large}";
    }

    // A number, a variant, or a number and a variant: that part of its figure.
    private static double Value(string words, string metric, Dictionary<string, RunFigures> figures)
    {
        if (figures.TryGetValue(words, out var run)) return run[metric]!.Value;
        var space = words.IndexOf(' ', StringComparison.Ordinal);
        var factor = double.Parse(space < 0 ? words : words[..space], CultureInfo.InvariantCulture);
        return space < 0 ? factor : factor * figures[words[(space + 1)..]][metric]!.Value;
    }
}
