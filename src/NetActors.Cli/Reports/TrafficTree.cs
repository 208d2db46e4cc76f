using NetActors.Scenarios;
using NetActors.Scenarios.Reading;
using Spectre.Console;

namespace NetActors.Cli.Reports;

/// <summary>One source of traffic outside any host.</summary>
internal static class TrafficTree
{
    /// <summary>Adds it.</summary>
    public static void AddTo(Tree tree, TrafficSettings traffic)
    {
        var span = TaskTree.Between(traffic.Start, traffic.Stop);
        var node = ScenarioTree.Add(tree, $"traffic {traffic.Name} to {traffic.To}: {Kind(traffic)}, {span}");
        if (traffic is not GeneratedTrafficSettings generated) return;
        var burst = generated.Burst > 1 ? $", bursts of {generated.Burst}" : "";
        var vlan = generated.Vlan is { } id ? $", VLAN {id}" : "";
        var rate = $"{Quantity.PacketRate.Text(generated.Rate)} {generated.Arrival.ToString().ToLowerInvariant()}";
        ScenarioTree.Add(node, $"{rate}{burst}, {TaskTree.Sizes(generated.Size)}{vlan}");
        ScenarioTree.Add(node, $"{TaskTree.Flows(generated.Flows)}, from {generated.Source}{Ports(generated)}");
    }

    private static string Kind(TrafficSettings traffic) => traffic switch
    {
        UdpFloodSettings => "udp-flood",
        IcmpFloodSettings => "icmp-flood",
        ReplaySettings { Timing: ReplayTiming.Scaled } replay =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"replay of {replay.File}, {replay.Speed} times as fast"),
        ReplaySettings replay => $"replay of {replay.File}, {replay.Timing.ToString().ToLowerInvariant()} timing",
        _ => traffic.GetType().Name,
    };

    private static string Ports(GeneratedTrafficSettings traffic) => traffic switch
    {
        UdpFloodSettings udp => $" ports {udp.SourcePorts} to {udp.Destination}",
        IcmpFloodSettings icmp => $" to {icmp.Destination}",
        _ => "",
    };
}
