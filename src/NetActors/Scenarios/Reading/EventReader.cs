using System.Globalization;
using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads what is changed while the scenario runs, and checks it against the host that it is for.</summary>
internal static class EventReader
{
    internal static readonly KeyTable Keys = new("events[]", "Settings written while the scenario runs, in the order of the file where times are equal; what is behind the end does not happen");

    private static readonly SettingKey<KernelTime> At = Keys.Time("at", KeyTable.Required, "when");
    private static readonly SettingKey<string> Host = Keys.Text("host", KeyTable.Required, "the host");
    private static readonly SettingKey Set = Keys.Node("set", "section", "setting: value", KeyTable.Required,
        "what is written, by the names an administrator uses: a sysctl (`net.core.rps_sock_flow_entries`), "
        + "`/sys/class/net/DEV/queues/{rx-N/{rps_cpus,rps_flow_cnt},tx-N/{xps_cpus,xps_rxqs}}`, "
        + "`/sys/class/net/DEV/{gro_flush_timeout,napi_defer_hard_irqs}`, `/proc/irq/IRQ/smp_affinity[_list]` (IRQ being a number or a name such as "
        + "eth0-TxRx-0), `/sys/devices/system/cpu/cpuN/online`, `ethtool -X|-N|-K|-C|-G|-A DEV`, `tc`, `taskset -p|-cp TASK[/THREAD]`");

    /// <summary>The events in the order of the file.</summary>
    public static List<EventSettings> ReadAll(IReadOnlyList<SettingNode> items, IReadOnlyList<HostSettings> hosts, ReadingContext context)
    {
        var events = new List<EventSettings>();
        foreach (var item in items)
        {
            var section = new Section(item, item.Place, Keys, context.Faults);
            var (at, name) = (section.Get(At), section.Get(Host));
            var host = hosts.FirstOrDefault(h => h.Name == name);
            if (host is null && section.Has(Host))
                context.Faults.Add(section.PlaceOf(Host), $"no host is called `{Words.Cut(name)}`", NearestName.Of(name, hosts.Select(h => h.Name)));
            if (!section.Has(Set)) context.Faults.Add(section.Place, "`set` is missing (what is written)");
            foreach (var entry in section.Named(Set))
            {
                var value = Section.Value(entry.Value, entry.Name, text => text, "", context.Faults);
                if (host is not null && Check(entry, value, host, context)) events.Add(new EventSettings(at, name, entry.Name, value));
            }
        }

        return events;
    }

    private static bool Check(SettingEntry entry, string value, HostSettings host, ReadingContext context)
    {
        var faults = context.Faults;
        if (!KnobKey.TryParse(entry.Name, out var key))
        {
            faults.Add(entry.Place, $"`{Words.Cut(entry.Name)}` is nothing that can be written while a host runs", NearestName.Of(entry.Name, KnobKey.Forms));
            return false;
        }

        var before = faults.Count;
        switch (key.Kind)
        {
            case KnobKind.Sysctl:
                CheckSysctl(entry, key, host, context);
                break;
            case KnobKind.RpsCpus or KnobKind.XpsCpus or KnobKind.SmpAffinity or KnobKind.TaskMask:
                Section.Value(entry.Value, entry.Name, text => CpuReader.Mask(text, host.Cpus.Count), CpuSet.Empty, faults);
                break;
            case KnobKind.SmpAffinityList or KnobKind.TaskList:
                Section.Value(entry.Value, entry.Name, text => CpuReader.List(text, host.Cpus.Count), CpuSet.Empty, faults);
                break;
            case KnobKind.RpsFlowCnt or KnobKind.GroFlushTimeout or KnobKind.NapiDeferHardIrqs:
                Section.Value(entry.Value, entry.Name, text => Values.Whole(text, 0, int.MaxValue), 0, faults);
                break;
            case KnobKind.CpuOnline when key.Number >= host.Cpus.Count || value is not ("0" or "1"):
                faults.Add(entry.Place, $"the host has CPUs 0 to {host.Cpus.Count - 1}, each online (1) or not (0)");
                break;
        }

        CheckName(entry, key, host, context);
        return faults.Count == before;
    }

    private static void CheckSysctl(SettingEntry entry, in KnobKey key, HostSettings host, ReadingContext context)
    {
        var name = key.Name;
        if (!SysctlCatalogue.Changeable.Contains(name) && !SysctlCatalogue.Refused.ContainsKey(name))
        {
            var near = NearestName.Of(name, SysctlCatalogue.Changeable);
            var why = SysctlCatalogue.Find(name) is null ? "no sysctl here is called" : "only at the start can be set";
            context.Faults.Add(entry.Place, $"{why} `{Words.Cut(name)}`", near);
        }
        else
        {
            SysctlReader.Read([new SettingEntry(name, entry.Place, entry.Value)], [.. host.Devices.Select(d => d.Name)], host.Cpus.Count, context);
        }
    }

    private static void CheckName(SettingEntry entry, in KnobKey key, HostSettings host, ReadingContext context)
    {
        switch (key.Kind)
        {
            case KnobKind.Sysctl or KnobKind.CpuOnline or KnobKind.Tc:
                break;
            case KnobKind.SmpAffinity or KnobKind.SmpAffinityList:
                var vectors = host.Devices.SelectMany(d => Enumerable.Range(0, d.Queues).Select(q => string.Create(CultureInfo.InvariantCulture, $"{d.Name}-TxRx-{q}"))).ToList();
                if (!vectors.Contains(key.Name) && !key.Name.All(char.IsAsciiDigit))
                    context.Faults.Add(entry.Place, $"no interrupt is called `{Words.Cut(key.Name)}`", NearestName.Of(key.Name, vectors));
                break;
            case KnobKind.TaskMask or KnobKind.TaskList:
                var task = key.Name.Split('/')[0];
                if (host.Tasks.All(t => t.Name != task))
                    context.Faults.Add(entry.Place, $"no task is called `{Words.Cut(task)}`", NearestName.Of(task, host.Tasks.Select(t => t.Name)));
                break;
            default:
                CheckDevice(entry, key, host, context);
                break;
        }
    }

    private static void CheckDevice(SettingEntry entry, KnobKey key, HostSettings host, ReadingContext context)
    {
        var device = host.Devices.FirstOrDefault(d => d.Name == key.Name);
        var queues = device?.Queues ?? (key.Name == "lo" && key.Kind is KnobKind.RpsCpus or KnobKind.RpsFlowCnt ? 1 : 0);
        if (queues == 0)
            context.Faults.Add(entry.Place, $"no device of this host is called `{Words.Cut(key.Name)}`", NearestName.Of(key.Name, host.Devices.Select(d => d.Name)));
        else if (key.Number >= queues) context.Faults.Add(entry.Place, $"queue {key.Number} is out of range: the device has {queues}");
    }
}
