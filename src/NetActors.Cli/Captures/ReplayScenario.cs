using System.Globalization;
using System.Text;
using NetActors.Attach;
using NetActors.Scenarios;
using NetActors.Scenarios.Reading;
using NetActors.Time;
using NearestName = NetActors.Scenarios.Reading.NearestName;

namespace NetActors.Cli.Captures;

/// <summary>The scenario that a capture is replayed on: one of the user's, or a host made to receive just this capture.</summary>
internal static class ReplayScenario
{
    private const string FileName = "replay.yaml";
    private const int MostNeighbours = 256;

    /// <summary>
    /// A host with the address that most packets go to, four queues and four CPUs, which takes every frame and knows the senders, so that
    /// its answers leave.
    /// </summary>
    public static ScenarioResult MakeHost(string capture, CaptureSurvey survey, IReadOnlyList<string> overrides)
    {
        var text = new StringBuilder();
        var mtu = Math.Clamp(survey.LongestFrame - EthernetFraming.HeaderSize, 1500, 65_535);
        text.Append(CultureInfo.InvariantCulture, $"""
            description: {Quoted($"replay of {Path.GetFileName(capture)} onto one host")}
            hosts:
              server:
                cpus: 4
                devices:
                  eth0:
                    queues: 4
                    promisc: on
                    mtu: {mtu}
                    rx-flow-hash: {"{ udp4: sdfn }"}

            """);
        if (survey.LinkAddress is { } mac) text.Append(CultureInfo.InvariantCulture, $"        mac: {Mac(mac)}\n");
        if (survey.Address is { } address)
        {
            var length = (address & 0xFF) is 0 or 0xFF ? 32 : 24;
            text.Append(CultureInfo.InvariantCulture, $"        addresses: [{Headers.Ipv4Address.Format(address)}/{length}]\n");
            text.Append("    routes: [ \"default dev eth0\" ]\n");
            var senders = survey.Senders.Take(MostNeighbours).ToList();
            if (senders.Count > 0) text.Append("    neighbours:\n");
            foreach (var (sender, lladdr) in senders)
            {
                var neighbour = $"{Headers.Ipv4Address.Format(sender)} lladdr {Mac(lladdr)} dev eth0";
                text.Append(CultureInfo.InvariantCulture, $"      - \"{neighbour}\"\n");
            }
        }

        return ScenarioReader.ReadText(text.ToString().ReplaceLineEndings("\n"), FileName, overrides);
    }

    /// <summary>The scenario with the capture as traffic, lasting until the capture ends unless a duration was given.</summary>
    public static ScenarioFile With(ScenarioFile scenario, ReplaySettings replay, KernelTime end, bool hasDuration)
    {
        var least = scenario.Source == FileName ? KernelTime.Zero : scenario.Duration;
        var duration = hasDuration ? scenario.Duration : KernelTime.Max(least, end);
        return scenario with { Duration = duration, Traffic = [.. scenario.Traffic, replay] };
    }

    /// <summary>The device to replay to: the one named, or the only one. Ends the command when that is not clear.</summary>
    public static DevicePort PortOf(ScenarioFile scenario, string? name)
    {
        List<DevicePort> ports = [.. scenario.Hosts.SelectMany(h => h.Devices.Select(d => new DevicePort(h.Name, d.Name)))];
        if (name is null && ports.Count == 1) return ports[0];
        var names = ports.Select(p => p.ToString()).ToList();
        if (names.Count == 0) throw CliException.Usage($"{scenario.Source}: there is no device to replay to");
        if (name is null) throw CliException.Usage($"--to is needed, since there are several devices: {Words.Or(names)}");
        var index = names.IndexOf(name);
        if (index >= 0) return ports[index];
        var near = NearestName.Of(name, names) ?? names.Find(n => n.StartsWith(name + ".", StringComparison.Ordinal));
        var meant = near is null ? "" : $"; did you mean `{near}`?";
        throw CliException.Usage($"--to: there is no device `{Words.Cut(name)}` (HOST.DEVICE){meant}");
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Mac(ulong mac) => string.Join(
        ':', Enumerable.Range(0, 6).Select(i => ((byte)(mac >> (40 - 8 * i))).ToString("x2", CultureInfo.InvariantCulture)));
}
