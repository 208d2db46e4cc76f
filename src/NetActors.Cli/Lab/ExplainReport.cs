using System.Globalization;
using NetActors.Cli.Reports;
using NetActors.Costs;
using NetActors.Lab.Explaining;
using NetActors.Lab.Runs;

namespace NetActors.Cli.Lab;

/// <summary>An explanation for people.</summary>
internal static class ExplainReport
{
    private static readonly string[] TrialFigures = ["throughput", "p50", "p99", "cpu", "busiest", "drops"];

    /// <summary>Prints it.</summary>
    public static void Write(Screen screen, Explanation explained, int top)
    {
        var run = explained.Evidence.Run;
        screen.Heading(run.Scenario.Description.Length == 0 ? run.Scenario.Name : $"{run.Scenario.Name}: {run.Scenario.Description}");
        screen.Line($"host {run.Subject.Host}, {Figures.Time(run.Window)}, seed {run.Scenario.Seed}, cost model {run.Scenario.CostModel.Name}");
        screen.Section("what limits");
        if (explained.Bottlenecks.Count == 0) screen.Line("nothing: no CPU is full, no queue overflows, no link is full; the load is less than the host can do");
        for (var i = 0; i < explained.Bottlenecks.Count; i++)
        {
            var found = explained.Bottlenecks[i];
            screen.Line($"{(i == 0 ? "->" : "  ")} {found.Name}: {found.Where}");
            screen.Line($"   {found.Evidence}");
        }

        screen.Section("where the time of each CPU goes");
        Costs(screen, explained.Evidence, top);
        if (explained.Tried.Count > 0) Trials(screen, explained);
    }

    private static void Costs(Screen screen, Evidence e, int top)
    {
        var run = e.Run;
        var table = new ColumnTable("CPU", "busy %", "irq %", "soft %", "sys %", "usr %", "irq/s", "IPI/s", "misses/s", "ctxt/s", "costs most (% of the CPU's time)").Text("costs most (% of the CPU's time)");
        var costs = run.Costs;
        for (var cpu = 0; cpu < e.Cpus; cpu++)
        {
            double Percent(Func<Observe.CpuSnapshot, long> part) => 100.0 * run.GrownOn(cpu, part) / run.Window.Nanoseconds;
            double Rate(Func<Observe.CpuSnapshot, long> counter) => run.GrownOn(cpu, counter) / run.Window.Seconds;
            long Count(CostOp op) => costs[cpu].Counts[(int)op];
            if (run.GrownOn(cpu, Metric.Busy) == 0) continue;
            table.Add(
                Figures.Count(cpu), Tenths(100 * e.Busy(cpu)), Tenths(Percent(c => c.HardirqNs)), Tenths(Percent(c => c.SoftirqNs)), Tenths(Percent(c => c.SystemNs)),
                Tenths(Percent(c => c.UserNs)), ComparisonReport.Value(Rate(c => c.Hardirqs)), ComparisonReport.Value(Rate(c => c.IpisReceived + c.RescheduleIpis)),
                ComparisonReport.Value((Count(CostOp.CacheMissSameNode) + Count(CostOp.CacheMissRemoteNode) + Count(CostOp.CacheMissSmt)) / run.Window.Seconds),
                ComparisonReport.Value(Rate(c => c.ContextSwitches)), string.Join(", ", ExplainFiles.Ranked(e, cpu).Take(top).Select(o => $"{o.Name} {Tenths(o.Percent)}")));
        }

        if (table.Count == 0) screen.Line("all CPUs are idle");
        else screen.Table(table);
    }

    private static void Trials(Screen screen, Explanation explained)
    {
        screen.Section("knobs, each tried with the same seed");
        var unit = explained.Evidence.Run.Subject.Unit;
        var metrics = TrialFigures.Select(k => Metric.Find(k)!).ToList();
        var table = new ColumnTable(["knob", "gain %", .. metrics.Select(m => $"{m.Key} {m.UnitOf(unit)}".TrimEnd())]).Text("knob");
        table.Add(["as it is", "", .. metrics.Select(m => Text(explained.Figures[m.Key]))]);
        foreach (var tried in explained.Tried)
        {
            if (tried.Figures is { } run) table.Add([tried.Knob.Name, (100 * tried.Gain).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture), .. metrics.Select(m => Text(run[m.Key]))]);
            else table.Add([tried.Knob.Name, "-", .. metrics.Select(_ => "-")]);
        }

        screen.Table(table);
        var best = explained.Tried[0];
        screen.Line();
        if (best.Figures is null || best.Gain <= 0)
        {
            screen.Line("none of them helps");
            return;
        }

        screen.Line($"what helps most: {best.Knob.Name}");
        foreach (var command in best.Knob.Commands) screen.Line($"  {command}");
        screen.Line($"  here: {string.Join(" ", best.Knob.Set.Select(s => $"--set '{s}'"))}");
    }

    private static string Text(double? value) => value is { } number ? ComparisonReport.Value(number) : "-";

    private static string Tenths(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
