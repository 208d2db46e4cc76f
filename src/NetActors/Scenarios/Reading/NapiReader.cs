using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads NAPI's settings.</summary>
internal static class NapiReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.napi", "NAPI; all but weight are not in 3.10");

    private static readonly SettingKey<int> Weight = Keys.Whole("weight", 64, 1, 64, "packets that a poll may take");
    private static readonly SettingKey<KernelTime> FlushTimeout = Keys.Time("gro_flush_timeout", "0ns",
        "how long GRO may hold packets, and between polls while interrupts are deferred", most: "1s", quantity: Quantity.TimeOrNanoseconds);
    private static readonly SettingKey<int> Defer = Keys.Whole("napi_defer_hard_irqs", 0, 0, int.MaxValue,
        "empty polls before the interrupt is unmasked");
    private static readonly SettingKey<KernelTime> Suspend = Keys.Time("irq_suspend_timeout", "0ns",
        "how long interrupts stay away while a program that prefers busy polling keeps finding events (netlink's `irq-suspend-timeout`); 0 is never",
        most: "10s", quantity: Quantity.TimeOrNanoseconds);
    private static readonly SettingKey<bool> Threaded = Keys.Switch("threaded", false, "a kernel thread polls instead of the softirq");

    private static readonly SettingKey ThreadCpus = Keys.Node("thread_cpus", "list of CPUs", "CPUs of the host", "that of the queue's interrupt",
        "CPUs that the threads are bound to (`taskset`), queue by queue");

    /// <summary>The settings.</summary>
    public static NapiSettings Read(Section section, int cpus, ReadingContext context)
    {
        context.RefuseIn310(section, FlushTimeout);
        context.RefuseIn310(section, Defer);
        context.RefuseIn310(section, Suspend);
        context.RefuseIn310(section, Threaded);
        var threaded = section.Get(Threaded);
        var bound = section.Node(ThreadCpus) is { } node
            ? Section.Value(node, ThreadCpus.Name, text => CpuReader.List(text, cpus), CpuSet.Empty, context.Faults)
            : CpuSet.Empty;
        if (bound.Count > 0 && !threaded) context.Faults.Add(section.PlaceOf(ThreadCpus), "there are no threads without `threaded: on`");
        return new NapiSettings(section.Get(Weight), section.Get(FlushTimeout), section.Get(Defer), section.Get(Suspend), threaded, bound);
    }
}
