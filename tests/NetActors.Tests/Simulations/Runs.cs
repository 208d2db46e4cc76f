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

    /// <summary>Runs a scenario in steps and then until it is idle; the balances hold after each.</summary>
    public static void CheckThrough(ScenarioFile scenario, int steps, string about = "")
    {
        var simulation = Simulation.Start(scenario);
        try
        {
            for (var i = 1; i <= steps; i++)
            {
                simulation.RunUntil(new KernelTime(scenario.Duration.Nanoseconds * i / steps));
                Balances.Check(simulation, idle: false, about);
            }

            simulation.RunUntil(scenario.Duration + Settle);
            Balances.Check(simulation, idle: true, about);
        }
        finally
        {
            simulation.Dispose();
        }

        Assert.True(simulation.OutstandingPackets == 0, $"{simulation.OutstandingPackets} packets are left after the end\n{about}");
    }
}
