using System.Text;
using CsCheck;

namespace NetActors.Tests.Exactness;

/// <summary>
/// Virtual time at quantum 0 is exact (design section 2, "skew"): each CPU does the same things at the same nanoseconds as in a naive
/// simulator, and every counter agrees.
/// </summary>
public class ExactnessTests
{
    private const int Scenarios = 150;

    [Fact]
    public void At_quantum_0_every_event_of_every_CPU_has_the_reference_s_time()
    {
        var (runs, tied, packets) = (0, 0, 0);
        var seen = new Dictionary<string, int>();
        SmallScenarios.Any.Sample(
            small =>
            {
                var reference = new ReferenceSimulator(small);
                reference.Run();
                runs++;
                if (reference.Events.Ties > 0)
                {
                    tied++; // two CPUs met in a nanosecond: either order is right
                    return;
                }

                var (events, counters) = EmulatorRun.Of(small);
                Compare(small, reference.Log, events);
                Assert.Equal(reference.Counters().ToString(), counters.ToString());
                packets += small.Frames.Length;
                foreach (var (name, value) in counters.Values)
                {
                    var kind = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
                    if (value > 0) seen[kind] = seen.GetValueOrDefault(kind) + 1;
                }
            },
            iter: Math.Max(Scenarios, Check.Iter), // CsCheck_Iter=10000 for a long look
            threads: 1,
            print: small => small.ToString());
        Assert.True(tied * 4 < runs, $"{tied} of {runs} scenarios had ties");
        string[] wanted = ["time_squeeze", "received_rps", "ksoftirqd wakeups", "HW_NO_DESCRIPTOR", "CPU_BACKLOG", "SOCKET_RCVBUFF"];
        Assert.All(wanted, kind => Assert.True(seen.GetValueOrDefault(kind) > 2, $"hardly any scenario had {kind}"));
    }

    /// <summary>Finds the first event of a CPU that differs, and shows what led to it.</summary>
    private static void Compare(SmallScenario small, List<SimEvent> expected, List<SimEvent> actual)
    {
        (long Time, string Text)? first = null;
        for (var cpu = 0; cpu < small.Cpus; cpu++)
        {
            List<SimEvent> want = [.. expected.Where(e => e.Cpu == cpu)], got = [.. actual.Where(e => e.Cpu == cpu)];
            var at = 0;
            while (at < want.Count && at < got.Count && want[at] == got[at]) at++;
            if (at == want.Count && at == got.Count) continue;
            var time = Math.Min(at < want.Count ? want[at].Time : long.MaxValue, at < got.Count ? got[at].Time : long.MaxValue);
            if (first is null || time < first.Value.Time) first = (time, Show(want, got, at, expected));
        }

        Assert.True(first is null, first?.Text);
    }

    private static string Show(List<SimEvent> want, List<SimEvent> got, int at, List<SimEvent> all)
    {
        var text = new StringBuilder("the events differ; so far\n");
        foreach (var e in want.Skip(Math.Max(0, at - 12)).Take(Math.Min(12, at))) text.AppendLine($"    {e}");
        text.AppendLine("reference then");
        foreach (var e in want.Skip(at).Take(6)) text.AppendLine($"    {e}");
        text.AppendLine("emulator then");
        foreach (var e in got.Skip(at).Take(6)) text.AppendLine($"    {e}");
        if (at > 0)
        {
            text.AppendLine("on other CPUs around");
            foreach (var e in all.Where(e => e.Cpu != want[at - 1].Cpu && Math.Abs(e.Time - want[at - 1].Time) < 60_000)) text.AppendLine($"    {e}");
        }

        return text.ToString();
    }
}
