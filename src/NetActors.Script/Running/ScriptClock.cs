using System.Globalization;
using NetActors.Script.Syntax;
using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>An event's times once it is its turn, counted from the script's begin.</summary>
/// <param name="Kind">How the times were meant.</param>
/// <param name="Start">The time, or the begin of the range.</param>
/// <param name="End">The end of the range, or the time.</param>
/// <param name="Offset">What relative times count from.</param>
internal readonly record struct DueTime(EventTimeKind Kind, KernelTime Start, KernelTime End, KernelTime Offset);

/// <summary>Times of a run (packetdrill: run.c): when events are due, and how far off they may be.</summary>
internal sealed class ScriptClock(IScriptHost host, ScriptSettings settings)
{
    private readonly KernelTime _begin = host.Now;
    private KernelTime? _lastStart;
    private bool _lastWasInbound;

    /// <summary>The time since the script's begin.</summary>
    public KernelTime Now => ToScript(host.Now);

    /// <summary>A time of the host since the script's begin.</summary>
    public KernelTime ToScript(KernelTime live) => live - _begin;

    /// <summary>A time since the script's begin on the host's clock.</summary>
    public KernelTime ToLive(KernelTime script) => script + _begin;

    /// <summary>
    /// When an event is due. Of inbound packets in a row the second counts from when the first was due, so that what their processing
    /// costs does not add up; any other relative time counts from now (packetdrill: <c>adjust_relative_event_times</c>).
    /// </summary>
    public DueTime Due(ScriptEvent next)
    {
        if (next.Time.Kind is EventTimeKind.Absolute or EventTimeKind.AbsoluteRange)
            return new DueTime(next.Time.Kind, next.Time.Start, next.Time.End, KernelTime.Zero);
        var offset = _lastWasInbound && IsInbound(next) && _lastStart is { } last ? last : Now;
        return new DueTime(next.Time.Kind, offset + next.Time.Start, offset + next.Time.End, offset);
    }

    /// <summary>The event is over; the next one counts from it.</summary>
    public void Passed(ScriptEvent done, DueTime due) => (_lastStart, _lastWasInbound) = (due.Start, IsInbound(done));

    /// <summary>
    /// Checks when something happened (packetdrill: <c>verify_time</c>). Null when that is good enough, else what is wrong.
    /// </summary>
    public string? Verify(DueTime due, KernelTime actual, string what)
    {
        if (due.Kind == EventTimeKind.Any) return null;
        var tolerance = Tolerance(_lastStart is { } last ? due.Start - last : KernelTime.Zero);
        if (actual >= due.Start - tolerance && actual <= due.End + tolerance) return null;
        return due.Kind switch
        {
            EventTimeKind.AbsoluteRange => $"expected {what} between {Text(due.Start)} and {Text(due.End)} s, "
                + $"but it happened at {Text(actual)} s",
            EventTimeKind.RelativeRange => $"expected {what} between +{Text(due.Start - due.Offset)} and +{Text(due.End - due.Offset)} s, "
                + $"but it happened at +{Text(actual - due.Offset)} s",
            _ => $"expected {what} at {Text(due.Start)} s, but it happened at {Text(actual)} s; tolerance {Text(tolerance)} s",
        };
    }

    /// <summary>Checks when a call that blocks has ended: what counts is the time since its begin.</summary>
    public string? VerifyEnd(KernelTime begin, KernelTime expected, KernelTime actual)
    {
        var tolerance = Tolerance(expected - begin);
        return actual >= expected - tolerance && actual <= expected + tolerance
            ? null
            : $"expected the system call to return at {Text(expected)} s, but it returned at {Text(actual)} s; "
                + $"tolerance {Text(tolerance)} s";
    }

    /// <summary>The latest time at which something due is still good.</summary>
    public KernelTime Latest(DueTime due) => due.End + Tolerance(_lastStart is { } last ? due.Start - last : KernelTime.Zero);

    /// <summary>Seconds with six decimals.</summary>
    public static string Text(KernelTime time) => time.Seconds.ToString("F6", CultureInfo.InvariantCulture);

    /// <summary>The fixed tolerance, or the share of the time that has passed when that is more.</summary>
    private KernelTime Tolerance(KernelTime passed) => KernelTime.Max(
        settings.Tolerance, KernelTime.FromNanoseconds((long)(passed.Nanoseconds / 100.0 * settings.TolerancePercent)));

    private static bool IsInbound(ScriptEvent step) => step.Action is PacketAction { Packet.Direction: PacketDirection.Inbound };
}
