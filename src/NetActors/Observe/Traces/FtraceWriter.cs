using System.Globalization;
using NetActors.Time;

namespace NetActors.Observe;

/// <summary>
/// Prints events as ftrace's <c>trace</c> file and <c>trace-cmd report -t</c> do, ordered by time. Differs from ftrace in two things: the
/// time has nanoseconds, since virtual time has, and events of hardware stand at <c>[---]</c>, where no CPU works.
/// </summary>
public static class FtraceWriter
{
    private const string Header = """
        #                                _-----=> irqs-off/BH-disabled
        #                               / _----=> need-resched
        #                              | / _---=> hardirq/softirq
        #                              || / _--=> preempt-depth
        #                              ||| / _-=> migrate-disable
        #                              |||| /     delay
        #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
        #              | |         |   |||||     |         |

        """;

    /// <summary>Writes the events <paramref name="filter"/> lets through; <paramref name="overwritten"/> goes into the header.</summary>
    public static void Write(
        TextWriter writer, IReadOnlyCollection<TraceEvent> events, TraceNames names, TraceFilter? filter = null, long overwritten = 0)
    {
        var running = new Dictionary<(int Host, int Cpu), long>();
        var cpus = events.Where(e => e.Cpu != TraceEvent.NoCpu).Select(e => (e.Host, e.Cpu)).Distinct().Count();
        writer.Write("# tracer: nop\n#\n");
        var shown = filter is null ? events.Count : events.Count(e => filter.Matches(e));
        var entries = string.Create(CultureInfo.InvariantCulture, $"{shown}/{shown + overwritten}   #P:{cpus}");
        writer.Write($"# entries-in-buffer/entries-written: {entries}\n#\n");
        writer.Write(Header.ReplaceLineEndings("\n"));
        foreach (var e in events.OrderBy(e => e.Time)) // a stable sort: events of one moment keep the order in which they happened
        {
            if (filter is null || filter.Matches(e)) WriteLine(writer, e, names, running.GetValueOrDefault((e.Host, e.Cpu)));
            if (e.Point == TracePoint.sched_switch) running[(e.Host, e.Cpu)] = e.Arg2;
        }
    }

    private static void WriteLine(TextWriter writer, in TraceEvent e, TraceNames names, long pid)
    {
        var host = names.Host(e.Host);
        var task = e.Context == TraceContext.Device ? "<device>" : host.Task(pid);
        if (names.Hosts.Count > 1) task = $"{host.Name}:{task}"; // one file for all hosts: say whose task it is
        var cpu = e.Cpu == TraceEvent.NoCpu ? "---" : e.Cpu.ToString("D3", CultureInfo.InvariantCulture);
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{task,16}-{pid,-7} [{cpu}] {Flags(e.Context)} {Time(e.Time)}: {e.Point}: {TraceEventText.Arguments(e, names)}\n"));
    }

    private static string Time(KernelTime time) => time.ToString().PadLeft(15);

    // kernel: trace_print_lat_fmt
    private static string Flags(TraceContext context) => context switch
    {
        TraceContext.HardIrq => "d.h1.",
        TraceContext.Softirq => "..s1.",
        _ => ".....",
    };
}
