using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads the options of irqbalance.</summary>
internal static class IrqBalanceReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.irqbalance",
        "The program irqbalance, which moves the interrupts of cards between CPUs; `irqbalance: {}` runs it with its defaults");

    private static readonly SettingKey<KernelTime> Interval = Keys.Time("interval", "10s", "between two scans (`--interval`); the first is as long after the begin", least: "1ms");
    private static readonly SettingKey BannedCpus = Keys.Node("banned-cpulist", "list of CPUs", "CPUs of the host", "those of isolcpus",
        "CPUs that take no interrupt (`IRQBALANCE_BANNED_CPULIST`)");
    private static readonly SettingKey BannedIrqs = Keys.Node("banirq", "list", "names in /proc/interrupts", "none", "interrupts that it leaves alone (`--banirq`), such as eth0-TxRx-0");
    private static readonly SettingKey<int> DeepestCache = Keys.Whole("deepestcache", 2, 1, 3, "cache that makes a domain (`--deepestcache`): 2 is a core's, 3 the last level's");
    private static readonly SettingKey<int> MigrateRatio = Keys.Whole("migrateval", 0, 0, 1000, "how much alike a move must make two CPUs, as a divisor of their difference (`--migrateval`); 0 is anything");
    private static readonly SettingKey<bool> OneShot = Keys.Switch("oneshot", false, "ends after its first scan (`--oneshot`)");

    /// <summary>The options.</summary>
    public static IrqBalanceSettings Read(Section section, CpuSettings cpus, IEnumerable<DeviceSettings> devices)
    {
        var names = devices.SelectMany(d => Enumerable.Range(0, d.Queues).Select(q => $"{d.Name}-TxRx-{q}")).ToList();
        var banned = new List<string>();
        foreach (var item in section.Items(BannedIrqs))
        {
            var name = Section.Value(item, BannedIrqs.Name, text => text, "", section.Faults);
            if (!names.Contains(name)) section.Faults.Add(item.Place, $"no interrupt is called `{Words.Cut(name)}`", NearestName.Of(name, names));
            banned.Add(name);
        }

        var none = section.Node(BannedCpus) is { } node ? Section.Value(node, BannedCpus.Name, text => CpuReader.List(text, cpus.Count), CpuSet.Empty, section.Faults) : null;
        if ((none ?? cpus.Isolated).Count >= cpus.Count) section.Faults.Add(section.PlaceOf(BannedCpus), "one CPU at least has to be left");
        return new IrqBalanceSettings
        {
            Interval = section.Get(Interval),
            BannedCpus = none,
            BannedIrqs = banned,
            DeepestCache = section.Get(DeepestCache),
            MigrateRatio = section.Get(MigrateRatio),
            OneShot = section.Get(OneShot),
        };
    }
}
