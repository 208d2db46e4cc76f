using NetActors.Costs;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads the hosts.</summary>
internal static class HostReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST", "One emulated machine");
    internal static readonly KeyTable CpuKeys = new("hosts.HOST.cpus", "Its CPUs; `cpus: 16` is `cpus: { count: 16 }`");
    internal static readonly KeyTable SoftirqKeys = new("hosts.HOST.softirq", "How softirqs and ksoftirqd share a CPU");

    private const int MostNodes = 16;
    private const int LongestName = 63;

    private static readonly SettingKey<string> NetnsOf = Keys.Text("netns-of", "", "a host above: this is a network namespace on its CPUs, with "
        + "devices, routes, sysctls, sockets and programs of its own");
    private static readonly SettingKey Cpus = Keys.Node("cpus", "whole number or section", $"1 to {CpuSet.Limit}", "1",
        "CPUs that the kernel sees");
    private static readonly SettingKey<string> CostModelName = Keys.Text("cost-model", "the scenario's",
        "what operations cost on this host alone, as `cost-model` of the scenario; `none` makes a load generator that is never the limit");
    private static readonly SettingKey Sysctl = Keys.Node("sysctl", "section", "see sysctl", "Linux's defaults",
        "sysctls by their full names");
    private static readonly SettingKey Softirq = Keys.Node("softirq", "section", "see softirq", "its defaults", "softirqs and ksoftirqd");
    private static readonly SettingKey IrqBalance = Keys.Node("irqbalance", "section", "see irqbalance", "it does not run", "the program irqbalance");
    private static readonly SettingKey Devices = Keys.Node("devices", "section", "an entry for each device", "none",
        "NICs by interface name; loopback needs no entry");
    private static readonly SettingKey Routes = Keys.Node("routes", "list", "lines of `ip route`", "those that addresses bring",
        "`[TYPE] PREFIX [via ADDRESS] [dev DEVICE] [src ADDRESS] [metric N] [mtu N] [onlink] [split LENGTH]`, "
        + "TYPE being unicast, local, broadcast, unreachable, prohibit, blackhole or throw; split makes routes of that prefix length of it");
    private static readonly SettingKey Iptables = Keys.Node("iptables", "list", "rules of table raw", "none",
        "`-t raw -A PREROUTING [-p udp|tcp|icmp] [-s PREFIX] [-d PREFIX] [--dport PORT] -j DROP|ACCEPT`; the first that matches decides");
    private static readonly SettingKey Neighbours = Keys.Node("neighbours", "list", "lines of `ip neighbour`", "none",
        "`ADDRESS lladdr MAC dev DEVICE [nud permanent|noarp|reachable|stale]`");
    private static readonly SettingKey Tasks = Keys.Node("tasks", "list", "see tasks", "none", "programs the host runs");

    private static readonly SettingKey<int> Count = CpuKeys.Whole("count", 1, 1, CpuSet.Limit,
        "CPUs that the kernel sees, threads included");
    private static readonly SettingKey<int> Nodes = CpuKeys.Whole("nodes", 1, 1, MostNodes, "NUMA nodes, all alike");
    private static readonly SettingKey<int> Smt = CpuKeys.Whole("smt", 1, 1, 2, "hardware threads a core");
    private static readonly SettingKey Isolcpus = CpuKeys.Node("isolcpus", "list of CPUs", "CPUs of the host", "none",
        "CPUs isolated at boot: 6.x takes them out of rps_cpus; tasks without `cpus` of their own stay off them");

    private static readonly SettingKey<int> Sockets = CpuKeys.Whole("sockets", 0, 0, MostNodes, "sockets, all alike; 0 is one a node");
    private static readonly SettingKey<int> Llc = CpuKeys.Whole("llc", 0, 0, CpuSet.Limit,
        "cores that share a last-level cache; 0 is all of a node, or of a socket where that is smaller");

    private static readonly SettingKey<bool> Defer = SoftirqKeys.Switch("defer_to_running_ksoftirqd", false,
        "leave softirqs to a runnable ksoftirqd, as 4.9 to 6.4 did");

    /// <summary>The hosts in the order of the file.</summary>
    public static List<HostSettings> ReadAll(IReadOnlyList<SettingEntry> entries, ReadingContext context)
    {
        var hosts = new List<HostSettings>();
        var addresses = new AddressBook(context.Faults);
        foreach (var entry in entries)
        {
            CheckName(entry, context.Faults);
            hosts.Add(Read(entry, hosts, addresses, context));
        }

        VethReader.Check(entries, hosts, context.Faults);
        return hosts;
    }

    private static HostSettings Read(SettingEntry entry, List<HostSettings> above, AddressBook addresses, ReadingContext context)
    {
        var number = above.Count + 1;
        var section = new Section(entry.Value, entry.Place, Keys, context.Faults);
        var machine = section.Get(NetnsOf).Length > 0 ? VethReader.Machine(section, section.Get(NetnsOf), NetnsOf, [Cpus, Softirq, CostModelName, IrqBalance, Sysctl], above) : null;
        var cpus = machine?.Cpus ?? ReadCpus(section);
        var devices = new List<DeviceSettings>();
        foreach (var device in section.Named(Devices))
            devices.Add(DeviceReader.Read(device, new DeviceReader.Owner(entry.Name, number, devices.Count + 1, cpus), addresses, context));
        var names = devices.Select(device => device.Name).ToList();
        return new HostSettings
        {
            Name = entry.Name,
            NetnsOf = machine?.Name,
            Cpus = cpus,
            CostModel = section.Has(CostModelName)
                ? CostModelReader.Resolve(section.Get(CostModelName), context.Directory, section.PlaceOf(CostModelName), context.Faults)
                : null,
            Sysctl = SysctlReader.Read(section.Named(Sysctl), names, cpus.Count, context),
            Softirq = new SoftirqSettings(section.Open(Softirq, SoftirqKeys).Get(Defer)),
            IrqBalance = section.Has(IrqBalance) ? IrqBalanceReader.Read(section.Open(IrqBalance, IrqBalanceReader.Keys), cpus, devices) : null,
            Devices = devices,
            Routes = RouteReader.ReadAll(section.Items(Routes), devices, context.Faults),
            RawRules = IptablesReader.ReadAll(section.Items(Iptables), context.Faults),
            Neighbours = NeighbourReader.ReadAll(section.Items(Neighbours), names, context.Faults),
            Tasks = TaskReader.ReadAll(section.Items(Tasks), cpus, devices, context),
        };
    }

    private static CpuSettings ReadCpus(Section host)
    {
        if (host.Node(Cpus) is ScalarNode number) return new CpuSettings(Section.Value(number, "cpus", Count.Read, 1, host.Faults), 1, 1);
        var section = host.Open(Cpus, CpuKeys);
        var cpus = new CpuSettings(section.Get(Count), section.Get(Nodes), section.Get(Smt))
        {
            Sockets = section.Get(Sockets),
            CoresPerCache = section.Get(Llc),
        };
        var cores = cpus.Count / cpus.Smt;
        if (cpus.Sockets > 0 && (cores % cpus.Sockets != 0 || (cpus.Sockets % cpus.Nodes != 0 && cpus.Nodes % cpus.Sockets != 0)))
            host.Faults.Add(section.PlaceOf(Sockets), $"{cores} cores in {cpus.Nodes} nodes do not divide into {cpus.Sockets} sockets");
        var within = cores / Math.Max(cpus.Nodes, cpus.Sockets);
        if (cpus.CoresPerCache > 0 && (within == 0 || within % cpus.CoresPerCache != 0))
            host.Faults.Add(section.PlaceOf(Llc), $"{within} cores of a node or socket do not divide into caches of {cpus.CoresPerCache}");
        if (section.Node(Isolcpus) is { } isolated)
            cpus = cpus with { Isolated = Section.Value(isolated, "isolcpus", text => CpuReader.List(text, cpus.Count), CpuSet.Empty, host.Faults) };
        if (cpus.Isolated.Count == cpus.Count) host.Faults.Add(section.PlaceOf(Isolcpus), "one CPU at least has to be left");
        if (cpus.Count % (cpus.Nodes * cpus.Smt) != 0)
            host.Faults.Add(section.Place, $"{cpus.Count} CPUs do not divide into {cpus.Nodes} nodes of cores with {cpus.Smt} threads");
        return cpus;
    }

    private static void CheckName(SettingEntry host, FaultList faults)
    {
        var good = host.Name.Length is > 0 and <= LongestName && host.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        if (!good)
            faults.Add(host.Place,
                $"`{Words.Cut(host.Name)}` is no name of a host: letters, digits, - and _, {LongestName} at most");
    }
}
