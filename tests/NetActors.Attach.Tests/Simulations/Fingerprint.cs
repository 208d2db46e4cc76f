using System.Security.Cryptography;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Attach.Tests.Simulations;

/// <summary>What a run gave, byte for byte: its result document and everything that its devices captured.</summary>
internal static class Fingerprint
{
    public static string Of(ScenarioFile scenario)
    {
        var (json, capture) = Run(scenario);
        return $"{json.Length}-{Convert.ToHexString(SHA256.HashData(json))} {capture.Length}-{Convert.ToHexString(SHA256.HashData(capture))}";
    }

    public static (byte[] Json, byte[] Capture) Run(ScenarioFile scenario)
    {
        var (json, capture) = (new MemoryStream(), new MemoryStream());
        using (var writer = new PcapngWriter(capture, leaveOpen: true))
        {
            // In two steps: where a run is interrupted must not show either.
            using var simulation = Simulation.Start(scenario, new SimulationOptions { Capture = writer });
            simulation.RunUntil(new KernelTime(scenario.Duration.Nanoseconds / 3));
            simulation.RunUntil(scenario.Duration);
            ResultJson.Write(json, simulation.Snapshot());
        }

        return (json.ToArray(), capture.ToArray());
    }
}
