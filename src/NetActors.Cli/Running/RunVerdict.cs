using NetActors.Attach;
using NetActors.Cli.Captures;
using NetActors.Cli.Reports;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Cli.Running;

/// <summary>Whether a result can be trusted; says on standard error why not.</summary>
internal static class RunVerdict
{
    /// <summary>The exit code of a run.</summary>
    public static int Of(
        ScenarioFile scenario,
        RunOutcome outcome,
        IReadOnlyList<OpenCapture> captures,
        CaptureFault written,
        string? pcap,
        TextWriter error)
    {
        var code = ExitCode.Ok;
        foreach (var capture in captures)
        {
            if (!capture.Source.Fault.IsNone) Fail($"{capture.File}: the capture ended early {capture.Source.Fault}");
        }

        if (!written.IsNone) Fail($"--pcap: `{pcap}` is not whole {written}");
        foreach (var failure in outcome.Failures) Fail($"an actor failed: {failure}");
        var ledger = outcome.Snapshot.Conservation;
        if (!ledger.Holds) Fail($"{Figures.Of(ledger.Missing, "packet")} unaccounted for: the emulator is wrong, please report it");
        if (!outcome.Interrupted) return code;
        var (now, end) = (new KernelTime(outcome.Snapshot.DurationNs), scenario.Duration);
        error.WriteLine($"netactors: interrupted at {Figures.Time(now)} of {Figures.Time(end)}; the figures are up to there");
        return ExitCode.Interrupted;

        void Fail(string message)
        {
            error.WriteLine($"netactors: {message}");
            code = ExitCode.Failure;
        }
    }
}
