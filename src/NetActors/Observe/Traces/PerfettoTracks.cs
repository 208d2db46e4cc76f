using System.Globalization;

namespace NetActors.Observe;

/// <summary>
/// The tracks of a timeline: a process for each host, in it a thread for each CPU with a track for each context, and one for hardware.
/// Identities follow from host, CPU and context alone, so that equal runs give equal bytes.
/// </summary>
internal sealed class PerfettoTracks(PerfettoPackets packets, TraceNames names)
{
    private const int CpusPerHost = 1 << 16, TracksPerCpu = 8, ThreadTrack = 7;

    /// <summary>Describes all tracks that <paramref name="events"/> need, hosts and CPUs in their order.</summary>
    public void Describe(IEnumerable<TraceEvent> events)
    {
        foreach (var host in events.Select(e => (Host: (int)e.Host, Cpu: (int)e.Cpu)).Distinct().Order().GroupBy(place => place.Host))
        {
            packets.ProcessTrack(HostUuid(host.Key), Pid(host.Key), names.Host(host.Key).Name);
            packets.ChildTrack(Uuid(host.Key, TraceEvent.NoCpu, TraceContext.Device), HostUuid(host.Key), "hardware", 0);
            foreach (var (_, cpu) in host.Where(place => place.Cpu != TraceEvent.NoCpu)) DescribeCpu(host.Key, cpu);
        }
    }

    /// <summary>The track an event belongs to. Idle shares the tasks' track: it is the gaps there.</summary>
    public static ulong Of(in TraceEvent e) => e.Point switch
    {
        _ when e.Context == TraceContext.Device || e.Cpu == TraceEvent.NoCpu => Uuid(e.Host, TraceEvent.NoCpu, TraceContext.Device),
        TracePoint.sched_switch => Uuid(e.Host, e.Cpu, TraceContext.Task),
        TracePoint.softirq_entry or TracePoint.softirq_exit => Uuid(e.Host, e.Cpu, TraceContext.Softirq),
        _ => Uuid(e.Host, e.Cpu, e.Context == TraceContext.Idle ? TraceContext.Task : e.Context),
    };

    private void DescribeCpu(int host, int cpu)
    {
        var thread = Uuid(host, cpu, (TraceContext)ThreadTrack);
        packets.ThreadTrack(thread, HostUuid(host), Pid(host), Pid(host) + 1 + cpu, "cpu" + cpu.ToString(CultureInfo.InvariantCulture));
        packets.ChildTrack(Uuid(host, cpu, TraceContext.HardIrq), thread, "hardirq", 0);
        packets.ChildTrack(Uuid(host, cpu, TraceContext.Softirq), thread, "softirq", 1);
        packets.ChildTrack(Uuid(host, cpu, TraceContext.Task), thread, "task", 2);
    }

    private static int Pid(int host) => (host + 1) * CpusPerHost;

    private static ulong HostUuid(int host) => (ulong)(host + 1) * CpusPerHost * TracksPerCpu;

    // CPU -1, the hardware, comes before CPU 0; the host's own identity is the first of its range and context 0 (Idle) is never asked for.
    private static ulong Uuid(int host, int cpu, TraceContext context) => HostUuid(host) + (ulong)((cpu + 1) * TracksPerCpu + (int)context);
}
