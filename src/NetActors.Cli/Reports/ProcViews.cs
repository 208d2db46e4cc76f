using NetActors.Observe;
using NetActors.Scenarios.Reading;
using NearestName = NetActors.Scenarios.Reading.NearestName;

namespace NetActors.Cli.Reports;

/// <summary>The texts that <c>--show</c> names, as Linux and its tools print them.</summary>
internal static class ProcViews
{
    private const string All = "all";

    private static readonly (string Name, string Title, Action<TextWriter, HostSnapshot, KernelVersion> Write)[] Views =
    [
        ("softnet_stat", "/proc/net/softnet_stat", SoftnetStat.Write),
        ("interrupts", "/proc/interrupts", ProcInterrupts.Write),
        ("softirqs", "/proc/softirqs", ProcSoftirqs.Write),
        ("snmp", "/proc/net/snmp", ProcNetSnmp.Write),
        ("netstat", "/proc/net/netstat", ProcNetNetstat.Write),
        ("netstat-s", "netstat -s", NetstatStatistics.Write),
        ("tcp", "/proc/net/tcp", (writer, host, _) => ProcNetTcp.Write(writer, host)),
        ("sockstat", "/proc/net/sockstat", (writer, host, _) => ProcNetSockstat.Write(writer, host)),
        ("ss", "ss -tinmoa", (writer, host, _) => SocketStatistics.Write(writer, host)),
        ("dev", "/proc/net/dev", (writer, host, _) => ProcNetDev.Write(writer, host)),
        ("ethtool", "ethtool -S", (_, _, _) => { }),
        ("tc", "tc -s qdisc; tc -s class", (writer, host, _) => WriteTc(writer, host)),
    ];

    /// <summary>Names that may be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Views.Select(v => v.Name), All];

    /// <summary>The views that <c>a,b</c> names, in the order given. Ends the command at a name that is none.</summary>
    public static IReadOnlyList<string> Parse(IEnumerable<string> lists)
    {
        var chosen = new List<string>();
        foreach (var name in lists.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (name == All) chosen.AddRange(Views.Select(v => v.Name));
            else if (Names.Contains(name)) chosen.Add(name);
            else throw CliException.Usage(Refusal(name));
        }

        return [.. chosen.Distinct()];
    }

    /// <summary>Prints the chosen views of every host.</summary>
    public static void Write(Screen screen, SimulationSnapshot snapshot, IReadOnlyList<string> names)
    {
        foreach (var host in snapshot.Hosts)
        {
            foreach (var name in names)
            {
                var view = Array.Find(Views, v => v.Name == name);
                if (name == "ethtool") WriteEthtool(screen, host);
                else
                {
                    screen.Section($"{host.Name}: {view.Title}");
                    view.Write(screen.Writer, host, snapshot.Kernel);
                }
            }
        }
    }

    private static void WriteEthtool(Screen screen, HostSnapshot host)
    {
        foreach (var device in host.Devices.Where(d => d.Ethtool.Count > 0))
        {
            screen.Section($"{host.Name}: ethtool -S {device.Name}");
            EthtoolStatistics.Write(screen.Writer, device);
        }
    }

    private static void WriteTc(TextWriter writer, HostSnapshot host)
    {
        foreach (var line in host.Devices.SelectMany(d => d.Tc)) writer.Write(line + "\n");
    }

    private static string Refusal(string name)
    {
        var near = NearestName.Of(name, Names);
        return $"--show: there is no view `{Words.Cut(name)}`: {Words.Or(Names)}" + (near is null ? "" : $"; did you mean `{near}`?");
    }
}
