using NetActors.Scenarios;
using Spectre.Console;

namespace NetActors.Cli.Reports;

/// <summary>One host of a scenario: CPUs, sysctls, devices, routes, neighbours, programs.</summary>
internal static class HostTree
{
    /// <summary>Adds it below <paramref name="node"/>.</summary>
    public static void AddTo(TreeNode node, HostSettings host, ScenarioFile scenario)
    {
        var smt = host.Cpus.Smt > 1 ? $", {host.Cpus.Smt} threads a core" : "";
        var nodes = host.Cpus.Nodes > 1 ? $" on {host.Cpus.Nodes} NUMA nodes" : "";
        Line(node, $"{Figures.Of(host.Cpus.Count, "CPU")}{nodes}{smt}");
        AddSysctls(node, host.Sysctl, scenario);
        foreach (var device in host.Devices) DeviceTree.AddTo(node, device, host);
        foreach (var route in host.Routes) Line(node, "route " + Route(route));
        foreach (var neighbour in host.Neighbours)
        {
            var state = neighbour.Nud.ToString().ToLowerInvariant();
            Line(node, $"neighbour {neighbour.Address} lladdr {Mac(neighbour.LinkAddress)} dev {neighbour.Device} {state}");
        }

        foreach (var task in host.Tasks) TaskTree.AddTo(node, task);
    }

    /// <summary>An Ethernet address as Linux writes it.</summary>
    public static string Mac(System.Net.NetworkInformation.PhysicalAddress address) =>
        string.Join(':', address.GetAddressBytes().Select(part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    private static void AddSysctls(TreeNode node, SysctlSettings sysctl, ScenarioFile scenario)
    {
        var different = sysctl.Written.Where(name => Differs(sysctl, name, scenario)).ToList();
        if (different.Count == 0)
        {
            Line(node, "sysctls: the kernel's defaults");
            return;
        }

        var list = ScenarioTree.Add(node, "sysctls that differ from the kernel's defaults");
        foreach (var name in different)
        {
            var entry = SysctlCatalogue.Find(name)!;
            Line(list, $"{name} = {sysctl.Text(name)} (default {entry.Text(entry.Default(scenario.Kernel, scenario.Clock.Hz))})");
        }
    }

    private static bool Differs(SysctlSettings sysctl, string name, ScenarioFile scenario) =>
        !sysctl.Values(name).SequenceEqual(SysctlCatalogue.Find(name)!.Default(scenario.Kernel, scenario.Clock.Hz));

    private static string Route(RouteSettings route)
    {
        var kind = route.Kind == RouteKind.Unicast ? "" : route.Kind.ToString().ToLowerInvariant() + " ";
        var text = kind + (route.Destination.Length == 0 ? "default" : route.Destination.ToString());
        if (route.Gateway is { } gateway) text += $" via {gateway}";
        if (route.Device is { } device) text += $" dev {device}";
        if (route.Source is { } source) text += $" src {source}";
        if (route.Mtu is { } mtu) text += $" mtu {mtu}";
        if (route.Metric > 0) text += $" metric {route.Metric}";
        return route.OnLink ? text + " onlink" : text;
    }

    private static void Line(TreeNode node, string text) => ScenarioTree.Add(node, text);
}
