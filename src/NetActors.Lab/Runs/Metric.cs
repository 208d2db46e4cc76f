namespace NetActors.Lab.Runs;

/// <summary>One figure of a run: its key in files, its words in tables, how it is taken.</summary>
/// <param name="Key">The name that files and options use.</param>
/// <param name="Heading">What a table says.</param>
/// <param name="Unit">Its unit; empty of a plain number.</param>
/// <param name="Better">1 when more is better, -1 when less is, 0 when neither.</param>
/// <param name="Take">The figure; null where a run has none.</param>
internal sealed record Metric(string Key, string Heading, string Unit, int Better, Func<Measurement, double?> Take)
{
    /// <summary>All figures, in the order of tables.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("throughput", "throughput", "units/s", 1, m => m.Units / Seconds(m)),
        new("p50", "latency p50", "us", -1, m => Latency(m, 50)),
        new("p95", "latency p95", "us", -1, m => Latency(m, 95)),
        new("p99", "latency p99", "us", -1, m => Latency(m, 99)),
        new("mean", "latency mean", "us", -1, m => m.Latency.Count == 0 ? null : m.Latency.Snapshot().MeanNs / 1e3),
        new("cpu", "CPU", "%", -1, m => Share(m, c => Busy(c))),
        new("busiest", "busiest CPU", "%", -1, m => Enumerable.Range(0, m.End.Host.Cpus.Count).Max(i => 100.0 * m.GrownOn(i, Busy) / m.Window.Nanoseconds)),
        new("core_us", "core-us per unit", "us", -1, m => m.Units == 0 ? null : m.Grown(h => h.Cpus.Sum(Busy)) / 1e3 / m.Units),
        new("usr", "usr", "%", 0, m => Share(m, c => c.UserNs)),
        new("sys", "sys", "%", 0, m => Share(m, c => c.SystemNs)),
        new("soft", "softirq", "%", 0, m => Share(m, c => c.SoftirqNs)),
        new("irq", "hard interrupts", "%", 0, m => Share(m, c => c.HardirqNs)),
        new("interrupts", "interrupts", "1/s", 0, m => m.Grown(h => h.Cpus.Sum(c => c.Hardirqs)) / Seconds(m)),
        new("ppi", "packets per interrupt", "", 0, m => Ratio(m.Grown(h => Measurement.Queues(h, q => q.Packets)), m.Grown(h => h.Cpus.Sum(c => c.Hardirqs)))),
        new("ipis", "IPIs (CAL and RES)", "1/s", 0, m => m.Grown(h => h.Cpus.Sum(c => c.IpisReceived + c.RescheduleIpis)) / Seconds(m)),
        new("ctxt", "context switches", "1/s", 0, m => m.Grown(h => h.Cpus.Sum(c => c.ContextSwitches)) / Seconds(m)),
        new("squeezed", "time squeezes", "1/s", 0, m => m.Grown(h => h.Cpus.Sum(c => c.Softnet.TimeSqueeze)) / Seconds(m)),
        new("drops", "drops", "1/s", -1, m => m.GrownAnywhere(h => h.Drops.Sum(d => d.Count)) / Seconds(m)),
        new("retrans", "segments sent again", "1/s", -1, m => m.GrownAnywhere(h => h.Mib[Observe.TcpMib.RetransSegs]) / Seconds(m)),
    ];

    /// <summary>The figure of a key; null when none is called so.</summary>
    public static Metric? Find(string key) => All.FirstOrDefault(m => m.Key == key);

    /// <summary>The unit as a table prints it for what was counted.</summary>
    public string UnitOf(WorkUnit unit) => Key switch
    {
        "throughput" => unit switch
        {
            WorkUnit.Transactions => "answers/s",
            WorkUnit.Bytes => "B/s",
            WorkUnit.Datagrams => "datagrams/s",
            _ => "packets/s",
        },
        _ => Unit,
    };

    /// <summary>CPU time that was work.</summary>
    public static long Busy(Observe.CpuSnapshot cpu) => cpu.HardirqNs + cpu.SoftirqNs + cpu.SystemNs + cpu.UserNs;

    private static double Seconds(Measurement m) => m.Window.Seconds;

    private static double Share(Measurement m, Func<Observe.CpuSnapshot, long> part) =>
        100.0 * m.Grown(h => h.Cpus.Sum(part)) / ((double)m.Window.Nanoseconds * m.End.Host.Cpus.Count);

    private static double? Ratio(long value, long by) => by == 0 ? null : (double)value / by;

    private static double? Latency(Measurement m, double percent) => m.Latency.Count == 0 ? null : m.Latency.NanosecondsAt(percent) / 1e3;
}
