using System.Globalization;

namespace NetActors.Scenarios;

/// <summary>What a <see cref="KnobKey"/> names.</summary>
public enum KnobKind
{
    /// <summary><c>net.core.NAME</c> or <c>/proc/sys/net/core/NAME</c>.</summary>
    Sysctl,

    /// <summary><c>/sys/class/net/DEV/queues/rx-N/rps_cpus</c>: a mask.</summary>
    RpsCpus,

    /// <summary><c>/sys/class/net/DEV/queues/rx-N/rps_flow_cnt</c>.</summary>
    RpsFlowCnt,

    /// <summary><c>/sys/class/net/DEV/queues/tx-N/xps_cpus</c>: a mask.</summary>
    XpsCpus,

    /// <summary><c>/sys/class/net/DEV/queues/tx-N/xps_rxqs</c>: a mask of receive queues.</summary>
    XpsRxqs,

    /// <summary><c>/sys/class/net/DEV/gro_flush_timeout</c>: nanoseconds.</summary>
    GroFlushTimeout,

    /// <summary><c>/sys/class/net/DEV/napi_defer_hard_irqs</c>.</summary>
    NapiDeferHardIrqs,

    /// <summary><c>/sys/class/net/DEV/threaded</c>: 0 or 1.</summary>
    Threaded,

    /// <summary><c>/sys/class/net/DEV/queues/tx-N/byte_queue_limits/limit</c>: bytes, or max.</summary>
    BqlLimit,

    /// <summary><c>/sys/class/net/DEV/queues/tx-N/byte_queue_limits/limit_min</c>: bytes, or max.</summary>
    BqlLimitMin,

    /// <summary><c>/sys/class/net/DEV/queues/tx-N/byte_queue_limits/limit_max</c>: bytes, or max.</summary>
    BqlLimitMax,

    /// <summary><c>/sys/class/net/DEV/queues/tx-N/byte_queue_limits/hold_time</c>: milliseconds.</summary>
    BqlHoldTime,

    /// <summary><c>/proc/irq/IRQ/smp_affinity</c>: a mask; IRQ is a number or the name in /proc/interrupts.</summary>
    SmpAffinity,

    /// <summary><c>/proc/irq/IRQ/smp_affinity_list</c>: a list.</summary>
    SmpAffinityList,

    /// <summary><c>/sys/devices/system/cpu/cpuN/online</c>: 0 or 1.</summary>
    CpuOnline,

    /// <summary><c>ethtool -X DEV</c>: indirection table, key and contexts.</summary>
    Rxfh,

    /// <summary><c>ethtool -N DEV</c>: flow rules and hashed fields.</summary>
    RxNfc,

    /// <summary><c>ethtool -K DEV</c>: features.</summary>
    Features,

    /// <summary><c>ethtool -C DEV</c>: interrupt moderation.</summary>
    Coalesce,

    /// <summary><c>ethtool -G DEV</c>: the rings.</summary>
    Ring,

    /// <summary><c>ethtool -L DEV</c>: channels.</summary>
    Channels,

    /// <summary><c>ethtool -A DEV</c>: pause frames.</summary>
    Pause,

    /// <summary><c>tc</c>: a command without its first word.</summary>
    Tc,

    /// <summary><c>taskset -p TASK</c>: a mask; TASK/N is its thread N alone.</summary>
    TaskMask,

    /// <summary><c>taskset -cp TASK</c>: a list.</summary>
    TaskList,
}

/// <summary>A setting of a running host, named as an administrator does: a sysctl, a file of sysfs or procfs, a command.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Name">Device, interrupt, task or sysctl; empty for others.</param>
/// <param name="Number">Queue or CPU; 0 for others.</param>
public readonly record struct KnobKey(KnobKind Kind, string Name, int Number)
{
    private const string Net = "/sys/class/net/";
    private const string Irq = "/proc/irq/";
    private const string Cpu = "/sys/devices/system/cpu/cpu";
    private const string Sys = "/proc/sys/";

    /// <summary>The forms of keys, for messages and for what suggests the nearest.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    [
        "net.core.NAME", Net + "DEV/queues/rx-N/rps_cpus", Net + "DEV/queues/rx-N/rps_flow_cnt", Net + "DEV/queues/tx-N/xps_cpus",
        Net + "DEV/queues/tx-N/xps_rxqs", Net + "DEV/gro_flush_timeout", Net + "DEV/napi_defer_hard_irqs", Net + "DEV/threaded",
        Net + "DEV/queues/tx-N/byte_queue_limits/{limit,limit_min,limit_max,hold_time}", Irq + "IRQ/smp_affinity",
        Irq + "IRQ/smp_affinity_list", Cpu + "N/online", "ethtool -X DEV", "ethtool -N DEV", "ethtool -K DEV", "ethtool -C DEV",
        "ethtool -G DEV", "ethtool -L DEV", "ethtool -A DEV", "tc", "taskset -p TASK", "taskset -cp TASK",
    ];

    /// <summary>Reads a key. False when it names nothing that can be written.</summary>
    public static bool TryParse(string text, out KnobKey key)
    {
        key = default;
        if (text == "tc") return Is(KnobKind.Tc, "", 0, out key);
        if (text.StartsWith(Net, StringComparison.Ordinal)) return TryParseNet(text[Net.Length..].Split('/'), out key);
        if (text.StartsWith(Cpu, StringComparison.Ordinal) && text.EndsWith("/online", StringComparison.Ordinal))
            return TryNumber(text[Cpu.Length..^"/online".Length], out var cpu) && Is(KnobKind.CpuOnline, "", cpu, out key);
        if (text.StartsWith(Irq, StringComparison.Ordinal)) return TryParseIrq(text[Irq.Length..].Split('/'), out key);
        if (text.StartsWith(Sys, StringComparison.Ordinal)) return Is(KnobKind.Sysctl, text[Sys.Length..].Replace('/', '.'), 0, out key);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 3 && KindOf(words[0], words[1]) is { } kind) return Is(kind, words[2], 0, out key);
        return words.Length == 1 && !text.Contains('/', StringComparison.Ordinal) && Is(KnobKind.Sysctl, text, 0, out key);
    }

    private static KnobKind? KindOf(string command, string option) => (command, option) switch
    {
        ("ethtool", "-X") => KnobKind.Rxfh,
        ("ethtool", "-N" or "-U") => KnobKind.RxNfc,
        ("ethtool", "-K") => KnobKind.Features,
        ("ethtool", "-C") => KnobKind.Coalesce,
        ("ethtool", "-G") => KnobKind.Ring,
        ("ethtool", "-L") => KnobKind.Channels,
        ("ethtool", "-A") => KnobKind.Pause,
        ("taskset", "-p") => KnobKind.TaskMask,
        ("taskset", "-cp" or "-pc") => KnobKind.TaskList,
        _ => null,
    };

    private static bool TryParseNet(string[] parts, out KnobKey key)
    {
        key = default;
        if (parts.Length == 2 && parts[1] == "gro_flush_timeout") return Is(KnobKind.GroFlushTimeout, parts[0], 0, out key);
        if (parts.Length == 2 && parts[1] == "napi_defer_hard_irqs") return Is(KnobKind.NapiDeferHardIrqs, parts[0], 0, out key);
        if (parts.Length == 2 && parts[1] == "threaded") return Is(KnobKind.Threaded, parts[0], 0, out key);
        if (parts.Length == 5 && parts[3] == "byte_queue_limits") parts = [.. parts[..3], parts[3] + "/" + parts[4]];
        if (parts.Length != 4 || parts[1] != "queues" || parts[2].Length < 4 || !TryNumber(parts[2][3..], out var queue)) return false;
        KnobKind? kind = (parts[2][..3], parts[3]) switch
        {
            ("rx-", "rps_cpus") => KnobKind.RpsCpus,
            ("rx-", "rps_flow_cnt") => KnobKind.RpsFlowCnt,
            ("tx-", "xps_cpus") => KnobKind.XpsCpus,
            ("tx-", "xps_rxqs") => KnobKind.XpsRxqs,
            ("tx-", "byte_queue_limits/limit") => KnobKind.BqlLimit,
            ("tx-", "byte_queue_limits/limit_min") => KnobKind.BqlLimitMin,
            ("tx-", "byte_queue_limits/limit_max") => KnobKind.BqlLimitMax,
            ("tx-", "byte_queue_limits/hold_time") => KnobKind.BqlHoldTime,
            _ => null,
        };
        return kind is { } known && Is(known, parts[0], queue, out key);
    }

    private static bool TryParseIrq(string[] parts, out KnobKey key)
    {
        key = default;
        if (parts.Length != 2) return false;
        if (parts[1] == "smp_affinity") return Is(KnobKind.SmpAffinity, parts[0], 0, out key);
        return parts[1] == "smp_affinity_list" && Is(KnobKind.SmpAffinityList, parts[0], 0, out key);
    }

    private static bool Is(KnobKind kind, string name, int number, out KnobKey key)
    {
        key = new KnobKey(kind, name, number);
        return true;
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
