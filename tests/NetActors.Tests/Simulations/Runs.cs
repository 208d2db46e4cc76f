using System.Diagnostics;
using NetActors.Hosts;
using NetActors.Scenarios;
using NetActors.Tests.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Simulations;

/// <summary>Short ways to run whole simulations.</summary>
internal static class Runs
{
    /// <summary>Long enough after the traffic's end for every queue to be emptied, also by programs that take their time, and for
    /// neighbours that do not answer to be given up (three questions, a second each).</summary>
    public static readonly KernelTime Settle = KernelTime.FromMilliseconds(6000);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static ScenarioFile Shipped(string name, params string[] overrides)
    {
        var result = ScenarioReader.Read(ShippedFiles.Scenario(name), overrides);
        Assert.Equal("", string.Join('\n', result.Faults));
        return result.Scenario!;
    }

    public static ScenarioFile Text(string text)
    {
        var result = ScenarioReader.ReadText(text, "random.yaml");
        Assert.True(result.Scenario is not null, string.Join('\n', result.Faults) + "\n" + text);
        return result.Scenario;
    }

    /// <summary>Runs until <paramref name="until"/>; fails the test when that takes longer than any of its simulations may.</summary>
    public static void To(Simulation simulation, KernelTime until, string about = "")
    {
        var watch = Stopwatch.StartNew();
        var reached = simulation.RunUntil(until, () => watch.Elapsed > Longest);
        Assert.True(reached, $"at {simulation.Now}, after {simulation.Messages} messages, it has not come to {until}\n{about}");
    }

    /// <summary>Runs a scenario in steps and then until it is idle; the balances hold after each.</summary>
    public static void CheckThrough(ScenarioFile scenario, int steps, string about = "")
    {
        var simulation = Simulation.Start(scenario);
        try
        {
            for (var i = 1; i <= steps; i++)
            {
                To(simulation, new KernelTime(scenario.Duration.Nanoseconds * i / steps), about);
                Balances.Check(simulation, idle: false, about);
            }

            To(simulation, scenario.Duration + Settle, about);
            Balances.Check(simulation, idle: true, about);
        }
        finally
        {
            simulation.Dispose();
        }

        Assert.True(simulation.OutstandingPackets == 0, $"{simulation.OutstandingPackets} packets are left after the end\n{about}");
    }
}
