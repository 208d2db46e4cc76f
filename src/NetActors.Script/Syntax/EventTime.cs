using NetActors.Time;

namespace NetActors.Script.Syntax;

/// <summary>How the time of an event is meant (packetdrill: <c>enum event_time_t</c>).</summary>
public enum EventTimeKind
{
    /// <summary>Since the script began: <c>.1</c>.</summary>
    Absolute,

    /// <summary>Since the event before ended: <c>+.1</c>.</summary>
    Relative,

    /// <summary>Whenever it comes: <c>*</c>.</summary>
    Any,

    /// <summary>Between two times since the script began: <c>1~2</c>.</summary>
    AbsoluteRange,

    /// <summary>Between two times since the event before ended: <c>+0~+.5</c>.</summary>
    RelativeRange,
}

/// <summary>When an event takes place.</summary>
/// <param name="Kind">What the times count from.</param>
/// <param name="Start">The time, or the begin of the range; zero for <see cref="EventTimeKind.Any"/>.</param>
/// <param name="End">The end of a range; equal to <paramref name="Start"/> for a single time.</param>
public readonly record struct EventTime(EventTimeKind Kind, KernelTime Start, KernelTime End)
{
    /// <summary>True when the times count from the event before.</summary>
    public bool IsRelative => Kind is EventTimeKind.Relative or EventTimeKind.RelativeRange;

    /// <summary>True for two times.</summary>
    public bool IsRange => Kind is EventTimeKind.AbsoluteRange or EventTimeKind.RelativeRange;
}
