using NetActors.Scenarios;

namespace NetActors.Lab.Advising;

/// <summary>Finds the key that sets how much is asked of a scenario.</summary>
internal static class Load
{
    /// <summary>Keys of rates: those of traffic, and of programs that ask at a rate.</summary>
    public static IReadOnlyList<string> KeysOf(ScenarioFile scenario) =>
    [
        .. scenario.Traffic.OfType<GeneratedTrafficSettings>().Select(t => $"traffic.{t.Name}.rate"),
        .. scenario.Hosts.SelectMany(h => h.Tasks.Where(HasRate).Select(t => $"hosts.{h.Name}.tasks.{t.Name}.rate")),
    ];

    private static bool HasRate(TaskSettings task) => task is UdpOpenLoopSettings or PacketFloodSettings or TcpLoopSettings;
}
