using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads what belongs to single queues: interrupt affinity and the steering of sysfs.</summary>
internal static class QueueReader
{
    internal static readonly KeyTable RxKeys = new("hosts.HOST.devices.DEVICE.queues-sysfs.rx-N",
        "A receive queue (`/sys/class/net/DEVICE/queues/rx-N`)");
    internal static readonly KeyTable TxKeys = new("hosts.HOST.devices.DEVICE.queues-sysfs.tx-N",
        "A transmit queue (`/sys/class/net/DEVICE/queues/tx-N`)");

    private static readonly SettingKey RpsCpus = RxKeys.Node("rps_cpus", "mask of CPUs", "CPUs of the host", "0",
        "CPUs that receive processing is spread over (RPS); 0 is off");
    private static readonly SettingKey<int> RpsFlowCnt = RxKeys.Whole("rps_flow_cnt", 0, 0, 1 << 29, "entries of the RFS table; 0 is off");
    private static readonly SettingKey XpsCpus = TxKeys.Node("xps_cpus", "mask of CPUs", "CPUs of the host", "0",
        "CPUs that send through the queue (XPS); where no queue has any, CPU N sends through queue N modulo queues, as drivers set it; a CPU in none sends by hash");

    private static readonly SettingKey XpsRxqs = TxKeys.Node("xps_rxqs", "mask of queues", "receive queues of the device", "0",
        "receive queues whose sockets send through the queue; goes before xps_cpus");
    private static readonly SettingKey Limits = TxKeys.Node("byte_queue_limits", "section", "see byte_queue_limits", "its defaults",
        "bytes that the queue may hold (BQL)");
    internal static readonly KeyTable LimitKeys = new("hosts.HOST.devices.DEVICE.queues-sysfs.tx-N.byte_queue_limits",
        "Limits of a transmit queue (`/sys/class/net/DEVICE/queues/tx-N/byte_queue_limits`)");
    private static readonly SettingKey<int> LimitMin = LimitKeys.Whole("limit_min", 0, 0, ByteQueueLimits.Most, "least limit in bytes");
    private static readonly SettingKey<int> LimitMax = LimitKeys.Whole("limit_max", ByteQueueLimits.Most, 0, ByteQueueLimits.Most, "greatest limit in bytes");
    private static readonly SettingKey<int> HoldTime = LimitKeys.Whole("hold_time", 1000, 0, 1_000_000, "ms that slack is watched before the limit falls");

    /// <summary>CPUs of each vector; vector i is on CPU i modulo CPUs where nothing is written.</summary>
    public static List<CpuSet> ReadAffinity(IReadOnlyList<SettingEntry> entries, string device, int queues, int cpus, FaultList faults)
    {
        var affinity = Enumerable.Range(0, queues).Select(queue => new CpuSet([queue % cpus])).ToList();
        var vectors = Enumerable.Range(0, queues).Select(queue =>
            string.Create(CultureInfo.InvariantCulture, $"{device}-TxRx-{queue}")).ToList();
        foreach (var (name, place, value) in entries)
        {
            var queue = vectors.IndexOf(name);
            if (queue < 0)
                faults.Add(place, $"no vector is called `{Words.Cut(name)}`: {vectors[0]} to {vectors[^1]}",
                    NearestName.Of(name, vectors));
            else affinity[queue] = Section.Value(value, name, text => CpuReader.List(text, cpus), affinity[queue], faults);
        }

        return affinity;
    }

    /// <summary>Steering of each queue; what is written for one queue goes before what is written for all.</summary>
    public static List<QueueSettings> ReadSysfs(IReadOnlyList<SettingEntry> entries, int queues, int cpus, FaultList faults)
    {
        var read = Enumerable.Repeat(new QueueSettings(CpuSet.Empty, 0, CpuSet.Empty), queues).ToList();
        foreach (var entry in entries.OrderBy(entry => !entry.Name.EndsWith('*')))
        {
            var receive = entry.Name.StartsWith("rx-", StringComparison.Ordinal);
            var which = Queues(entry.Name, queues);
            if (which.Count == 0)
            {
                faults.Add(entry.Place,
                    $"no queue is called `{Words.Cut(entry.Name)}`: rx-0 to rx-{queues - 1}, tx-0 to tx-{queues - 1}, rx-* or tx-*",
                    NearestName.Of(entry.Name, Enumerable.Range(0, queues).SelectMany(q => new[] { $"rx-{q}", $"tx-{q}" })));
                continue;
            }

            var section = new Section(entry.Value, entry.Place, receive ? RxKeys : TxKeys, faults);
            foreach (var queue in which)
                read[queue] = receive
                    ? read[queue] with
                    {
                        RpsCpus = Mask(section, RpsCpus, cpus, read[queue].RpsCpus),
                        HasRpsCpus = read[queue].HasRpsCpus || section.Has(RpsCpus),
                        RpsFlowCnt = section.Has(RpsFlowCnt) ? section.Get(RpsFlowCnt) : read[queue].RpsFlowCnt,
                    }
                    : read[queue] with
                    {
                        XpsCpus = Mask(section, XpsCpus, cpus, read[queue].XpsCpus),
                        XpsRxqs = section.Node(XpsRxqs) is { } mask
                            ? Section.Value(mask, XpsRxqs.Name, text => CpuReader.Mask(text, queues), CpuSet.Empty, section.Faults).Aggregate(0UL, (bits, q) => bits | 1UL << q)
                            : read[queue].XpsRxqs,
                        Limits = section.Has(Limits) ? ReadLimits(section.Open(Limits, LimitKeys)) : read[queue].Limits,
                    };
        }

        return read;
    }

    private static ByteQueueLimits ReadLimits(Section section)
    {
        var limits = new ByteQueueLimits(section.Get(LimitMin), section.Get(LimitMax), section.Get(HoldTime));
        if (limits.Min > limits.Max) section.Faults.Add(section.PlaceOf(LimitMin), "`limit_min` is above `limit_max`");
        return limits;
    }

    private static CpuSet Mask(Section section, SettingKey key, int cpus, CpuSet otherwise) =>
        section.Node(key) is { } node ? Section.Value(node, key.Name, text => CpuReader.Mask(text, cpus), otherwise, section.Faults)
            : otherwise;

    private static List<int> Queues(string name, int queues)
    {
        if (name is "rx-*" or "tx-*") return [.. Enumerable.Range(0, queues)];
        return [.. Enumerable.Range(0, queues).Where(queue => name == $"rx-{queue}" || name == $"tx-{queue}")];
    }
}
