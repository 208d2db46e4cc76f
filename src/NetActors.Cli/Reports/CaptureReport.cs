using NetActors.Cli.Captures;

namespace NetActors.Cli.Reports;

/// <summary>What was read of a replayed capture.</summary>
internal static class CaptureReport
{
    /// <summary>Prints one line, and another for the fault that ended it.</summary>
    public static void Write(Screen screen, OpenCapture capture)
    {
        var source = capture.Source;
        screen.Line();
        screen.Line(
            $"{capture.File}: {Figures.Of(source.Records, "packet")} read, {Figures.Count(source.Sent)} sent, "
            + $"{Figures.Count(source.TruncatedRecords)} truncated, {Figures.Count(source.BackwardRecords)} backward in time, "
            + $"{Figures.Count(source.UnconvertibleRecords)} not convertible to Ethernet");
        if (!source.Fault.IsNone) screen.Line($"{capture.File}: ended early {source.Fault}");
    }
}
