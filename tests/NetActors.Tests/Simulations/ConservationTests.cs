using CsCheck;
using NetActors.Hosts;
using NetActors.Tests.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Simulations;

/// <summary>Every packet that was sent was delivered, dropped for a counted reason, or waits: at every layer, at any time.</summary>
public sealed class ConservationTests
{
    public static TheoryData<string> Shipped =>
        [.. ShippedFiles.Scenarios.Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => n != "ping")]; // no ping program yet

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_scenario_loses_no_packet_unaccounted_and_holds_none_when_idle(string name) =>
        Runs.CheckThrough(Runs.Shipped(name, "duration=20ms"), steps: 7, name);

    [Fact]
    public void Random_scenario_loses_no_packet_unaccounted_and_holds_none_when_idle() =>
        RandomScenarios.Any.Sample(text => Runs.CheckThrough(Runs.Text(text), steps: 5, text), threads: 1);

    [Fact]
    public void Random_scenario_stopped_at_any_time_gives_every_packet_back() =>
        Gen.Select(RandomScenarios.Any, Gen.Long[0, 12_000_000]).Sample(
            (text, nanoseconds) =>
            {
                var simulation = Simulation.Start(Runs.Text(text));
                Runs.To(simulation, new KernelTime(nanoseconds), text);
                simulation.Dispose();
                Assert.True(simulation.OutstandingPackets == 0, $"{simulation.OutstandingPackets} packets are left of a stop at {nanoseconds} ns\n{text}");
                Assert.True(simulation.Failures.Count == 0, string.Join('\n', simulation.Failures) + "\n" + text);
            },
            threads: 1);
}
