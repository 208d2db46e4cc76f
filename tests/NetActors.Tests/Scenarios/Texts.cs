using NetActors.Scenarios;

namespace NetActors.Tests.Scenarios;

/// <summary>Scenarios as text, and their faults as text.</summary>
internal static class Texts
{
    /// <summary>The shortest scenario with everything to refer to; the device's keys go in at line 6.</summary>
    public static string Device(string line = "mtu: 1500") => $"""
        cost-model: none
        hosts:
          server:
            devices:
              eth0:
                {line}
        """;

    /// <summary>A host; its keys go in at line 6.</summary>
    public static string Host(string line) => $$"""
        cost-model: none
        hosts:
          server:
            cpus: 4
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 2 } }
            {{line}}
        """;

    /// <summary>A scenario; a key of its top goes in at line 4.</summary>
    public static string Top(string line) => $$"""
        cost-model: none
        hosts:
          server: { cpus: 4, devices: { eth0: { addresses: [10.0.0.1/24] }, eth1: { addresses: [10.0.1.1/24] } } }
        {{line}}
        """;

    public static string Faults(string text, params string[] overrides) =>
        string.Join('\n', ScenarioReader.ReadText(text, "x.yaml", overrides).Faults);

    public static ScenarioFile Scenario(string text, params string[] overrides)
    {
        var result = ScenarioReader.ReadText(text, "x.yaml", overrides);
        Assert.Equal("", string.Join('\n', result.Faults));
        return result.Scenario!;
    }
}
