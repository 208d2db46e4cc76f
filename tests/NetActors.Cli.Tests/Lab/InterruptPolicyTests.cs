using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;
using NetActors.Scenarios;

namespace NetActors.Cli.Tests.Lab;

/// <summary>
/// What each interrupt policy buys, load by load: the comparison <c>config/comparisons/interrupt-policy.yaml</c> as a whole, a little shortened. The
/// order is that of the measurements behind IRQ suspension (cover letter of "Suspend IRQs during application busy periods" v3, 2024).
/// </summary>
public sealed class InterruptPolicyTests(InterruptPolicyTests.Library library) : IClassFixture<InterruptPolicyTests.Library>
{
    [Fact]
    public void At_a_low_load_latency_and_cpu_use_are_in_the_measured_order()
    {
        InOrder("mean", "low fullbusy", "low suspend20", "low defer20", "low napibusy", "low base", "low defer200"); // 58 69 72 115 127 182 us
        InOrder("cpu", "low defer200", "low base", "low suspend20", "low napibusy", "low fullbusy"); // 18 25 29 56 100 %
        Assert.InRange(Of("cpu", "low suspend20") / Of("cpu", "low defer20"), 0.9, 1.2); // 29 against 25 %
        Near("cpu", 0.15, ("low base", 25), ("low napibusy", 56), ("low fullbusy", 100));
        Near("mean", 0.3, ("low base", 127), ("low defer200", 182));
    }

    [Fact]
    public void At_a_middle_load_suspension_is_near_polling_for_the_price_of_interrupts()
    {
        InOrder("mean", "mid fullbusy", "mid suspend20", "mid defer20", "mid base", "mid defer200"); // 78 90 132 198 255 us
        Assert.InRange(Of("mean", "mid napibusy") / Of("mean", "mid fullbusy"), 0.98, 1.1); // 81 us: who polls for 64 us polls nearly always here
        InOrder("cpu", "mid defer200", "mid suspend20", "mid defer20", "mid napibusy"); // 66 78 89 99 %, and 100 of full busy polling
        Near("cpu", 0.25, ("mid base", 84), ("mid defer20", 89), ("mid defer200", 66), ("mid napibusy", 99), ("mid suspend20", 78));
    }

    [Fact]
    public void At_a_high_load_suspension_beats_interrupts_and_deferral()
    {
        foreach (var other in new[] { "high base", "high defer20", "high defer200" }) InOrder("mean", "high suspend20", other);
    }

    [Fact]
    public void At_the_highest_load_who_polls_gets_the_most_done_and_a_short_deferral_the_least()
    {
        InOrder("throughput", "max defer20", "max base", "max fullbusy"); // 985 1006 1237 thousand, and between the last two the other three
        Assert.All(["max defer200", "max napibusy", "max suspend20"], v => InOrder("throughput", "max base", v));
        Assert.InRange(Of("throughput", "max suspend20") / Of("throughput", "max fullbusy"), 0.98, 1.02); // 1220 of 1237
        Near("throughput", 0.05, ("max base", 1_005_592), ("max defer20", 984_663), ("max defer200", 1_040_451), ("max napibusy", 1_077_516));
    }

    private double Of(string figure, string variant) => library.Results[variant][figure]!.Value;

    private void InOrder(string figure, params string[] variants)
    {
        var values = variants.Select(v => (v, Of(figure, v))).ToList();
        Assert.Equal(values.OrderBy(v => v.Item2), values);
    }

    private void Near(string figure, double within, params (string Variant, double Published)[] all) =>
        Assert.All(all, a => Assert.InRange(Of(figure, a.Variant) / a.Published, 1 - within, 1 + within));

    /// <summary>All variants, run once.</summary>
    public sealed class Library
    {
        public Library()
        {
            var path = Path.Combine(ComparisonLibraryTests.Repository(), "config", "comparisons", "interrupt-policy.yaml");
            var comparison = ComparisonReader.Read(File.ReadAllText(path), path).Comparison!;
            var scenarios = new Commands.ScenarioLibrary(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Directory = Path.GetDirectoryName(path)! });
            var variants = comparison.Variants.Select(v => (v, (IReadOnlyList<ScenarioFile>)[scenarios.Read(v.Scenario, [.. v.Set, "duration=50ms"]).Scenario!])).ToList();
            var results = ComparisonRun.Execute(variants, new LabOptions(comparison.Host), 2, () => { }, CancellationToken.None)!;
            Assert.All(results, r => Assert.Empty(r.Runs[0].Faults));
            Results = results.ToDictionary(r => r.Variant.Name, r => r.Runs[0]);
        }

        internal IReadOnlyDictionary<string, RunFigures> Results { get; }
    }
}
