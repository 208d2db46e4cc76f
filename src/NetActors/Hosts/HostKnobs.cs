using System.Globalization;
using NetActors.Execution;
using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// The settings of a running host by the names an administrator uses, with Linux's refusals (see <see cref="KnobKey"/>): sysfs and procfs
/// here, sysctl and ethtool beside. Tables on the packet path are replaced whole. In the device context only.
/// </summary>
internal sealed partial class HostKnobs(Host host, HostSettings settings, ExecutionLayer layer)
{
    private const int MostKept = 10_000;
    private readonly List<KnobWrite> _writes = [];

    /// <summary>What was written, the first ten thousand.</summary>
    public IReadOnlyList<KnobWrite> Writes => _writes;

    /// <summary>Writes a setting. Null, or why it was refused: the errno, a colon and words.</summary>
    public string? Write(string key, string value)
    {
        var now = layer.Now;
        var error = KnobKey.TryParse(key, out var knob) ? Apply(knob, value.Trim(), now).Error : "ENOENT: nothing that can be written has this name";
        if (_writes.Count < MostKept) _writes.Add(new KnobWrite(now, key, value, error));
        return error;
    }

    private EthtoolResult Apply(KnobKey key, string value, KernelTime now)
    {
        switch (key.Kind)
        {
            case KnobKind.Sysctl:
                return SetSysctl(key.Name, value);
            case KnobKind.SmpAffinity or KnobKind.SmpAffinityList:
                return SetIrqAffinity(key, value);
            case KnobKind.CpuOnline:
                return SetOnline(key.Number, value);
            case KnobKind.TaskMask or KnobKind.TaskList:
                return SetTaskAffinity(key, value);
            case KnobKind.Tc:
                return SetTc(value, now);
            case KnobKind.RpsCpus or KnobKind.RpsFlowCnt:
                var device = host.Stack.Devices.FirstOrDefault(d => d.Name == key.Name);
                if (device is null) return NoDevice(key.Name);
                return key.Kind == KnobKind.RpsCpus ? SetRpsCpus(device, key.Number, value) : SetRpsFlowCnt(device, key.Number, value);
        }

        var name = key.Name;
        if (host.Nics.Find(nic => nic.Name == name) is not { } card) return NoDevice(name);
        var answer = key.Kind switch
        {
            KnobKind.XpsCpus or KnobKind.XpsRxqs => SetXps(card, key, value),
            KnobKind.GroFlushTimeout or KnobKind.NapiDeferHardIrqs => SetNapi(card, key.Kind, value),
            KnobKind.Threaded => SetThreaded(card, value),
            KnobKind.BqlLimit or KnobKind.BqlLimitMin or KnobKind.BqlLimitMax or KnobKind.BqlHoldTime => SetByteLimits(card, key, value),
            _ => SetEthtool(card, key.Kind, value, now),
        };
        card.LookAgain();
        return answer;
    }

    /// <summary>Kernel: <c>store_rps_map</c> (specification section 5.1): 6.x takes out the isolated CPUs and refuses if none is left.</summary>
    private EthtoolResult SetRpsCpus(NetDevice device, int queue, string value)
    {
        var answer = ReadMask(value, out var cpus);
        if (!answer.Ok) return answer;
        answer = HostHousekeeping.Filter(settings.Cpus, host.Settings.Kernel, ref cpus);
        if (!answer.Ok) return answer;
        int[] online = [.. cpus.Where(cpu => host.Cpus[cpu].IsOnline)];
        return Replace(device, queue, old => old with { Map = online.Length == 0 ? null : new RpsMap(online) });
    }

    /// <summary>Kernel: <c>store_rps_dev_flow_table_cnt</c>: a new table is empty.</summary>
    private EthtoolResult SetRpsFlowCnt(NetDevice device, int queue, string value)
    {
        if (!TryNumber(value, RpsDevFlowTable.MaxEntries, out var count)) return EthtoolResult.Invalid($"{value} is no number up to {RpsDevFlowTable.MaxEntries}");
        return Replace(device, queue, old => old with { Flows = count == 0 ? null : new RpsDevFlowTable(host.Settings.Kernel, count) });
    }

    private static EthtoolResult Replace(NetDevice device, int queue, Func<RxSteering, RxSteering> change)
    {
        var queues = device is NicDevice card ? card.QueuesInUse : 1;
        if (queue >= queues) return EthtoolResult.NotFound($"{device.Name} has {queues} receive queues");
        var old = device.RxSteering;
        RxSteering[] all = [.. Enumerable.Range(0, queues).Select(q => q < old.Length ? old[q] : RxSteering.Off)];
        all[queue] = change(all[queue]);
        device.RxSteering = all.All(q => q is { Map: null, Flows: null }) ? [] : all;
        return EthtoolResult.Success;
    }

    /// <summary>Kernel: <c>xps_cpus_store</c>, <c>xps_rxqs_store</c>: a device of one queue has none (live; specification section 7.1).</summary>
    private EthtoolResult SetXps(NicDevice card, in KnobKey key, string value)
    {
        if (card.QueuesInUse == 1) return EthtoolResult.NotFound($"{card.Name} has one transmit queue");
        if (key.Number >= card.QueuesInUse) return EthtoolResult.NotFound($"{card.Name} has {card.QueuesInUse} transmit queues");
        var answer = ReadMask(value, out var members, key.Kind == KnobKind.XpsCpus ? host.Cpus.Length : card.TxQueues.Length);
        if (!answer.Ok) return answer;
        if (key.Kind == KnobKind.XpsCpus) card.Xps.SetCpus(key.Number, members);
        else if (host.Settings.Kernel == KernelVersion.V310) return EthtoolResult.NotFound("3.10 has no xps_rxqs");
        else card.Xps.SetRxQueues(key.Number, members);
        card.TxSteering = card.Xps.Steering(card.QueuesInUse);
        return EthtoolResult.Success;
    }

    private static EthtoolResult SetNapi(NicDevice card, KnobKind kind, string value)
    {
        if (!TryNumber(value, int.MaxValue, out var number)) return EthtoolResult.Invalid($"{value} is no number");
        foreach (var napi in card.Napis)
        {
            if (kind == KnobKind.GroFlushTimeout) napi.GroFlushTimeout = KernelTime.FromNanoseconds(number);
            else napi.DeferHardIrqs = number;
        }

        return EthtoolResult.Success;
    }

    private EthtoolResult ReadMask(string value, out CpuSet cpus) => ReadMask(value, out cpus, host.Cpus.Length);

    private static EthtoolResult ReadMask(string value, out CpuSet cpus, int count)
    {
        if (!CpuSet.TryParseMask(value, out cpus)) return EthtoolResult.Invalid($"{value} is no mask");
        return cpus.Count > 0 && cpus[^1] >= count ? new EthtoolResult($"EOVERFLOW: {value} has more than {count} bits") : EthtoolResult.Success;
    }

    private static EthtoolResult NoDevice(string name) => new($"ENODEV: there is no device {name}");

    private static bool TryNumber(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
}
