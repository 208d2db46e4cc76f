using NetActors.Time;

namespace NetActors.Nic;

/// <summary>What the time of moderation counts from.</summary>
internal enum PeriodStart : byte
{
    /// <summary>The first completion that was not signalled (virtio; include/uapi/linux/ethtool.h).</summary>
    FirstCompletion,

    /// <summary>The last completion: each restarts it (<c>DIM_CQ_PERIOD_MODE_START_FROM_CQE</c>).</summary>
    LastCompletion,

    /// <summary>The last interrupt: a completion after a pause is signalled at once (<c>DIM_CQ_PERIOD_MODE_START_FROM_EQE</c>; Intel's
    /// throttle).</summary>
    LastEvent,
}

/// <summary>
/// When the completions of one direction of a queue are due to be signalled: after a time, or as soon as there are so many (specification
/// section 2.3). Knows no clock.
/// </summary>
internal sealed class CompletionTimer
{
    private KernelTime _enoughAt = KernelTime.Never; // when the last of enough completions came
    private KernelTime _lastEvent = KernelTime.FromNanoseconds(long.MinValue / 2);

    /// <summary>Microseconds in force; 0 is no limit in time, or no gap between interrupts.</summary>
    public int Usecs { get; private set; }

    /// <summary>Completions in force; 0 is no limit in number.</summary>
    public int Frames { get; private set; }

    /// <summary>What the time counts from.</summary>
    public PeriodStart Start { get; private set; }

    /// <summary>Completions not signalled yet.</summary>
    public int Pending { get; private set; }

    /// <summary>When the first of them came, or the last if that restarts the time; meaningless when none is pending.</summary>
    public KernelTime From { get; private set; }

    /// <summary>When they are due; <see cref="KernelTime.Never"/> when none is pending.</summary>
    public KernelTime Due => Pending == 0 ? KernelTime.Never : DueAt(From, _enoughAt);

    /// <summary>Further completions after which the number is reached; at least 1.</summary>
    public int UntilEnough => Frames == 0 ? int.MaxValue : Math.Max(1, Frames - Pending);

    /// <summary>New values; those pending are judged by them.</summary>
    public void Set(int usecs, int frames, PeriodStart start)
    {
        (Usecs, Frames, Start) = (usecs, frames, start);
        if (_enoughAt.IsNever && Pending > 0 && frames > 0 && Pending >= frames) _enoughAt = From;
    }

    /// <summary>A completion.</summary>
    public void Add(KernelTime now)
    {
        if (Pending++ == 0 || Start == PeriodStart.LastCompletion) From = now;
        if (Pending == Frames) _enoughAt = now;
    }

    /// <summary>It was this direction that interrupted.</summary>
    public void OnEvent(KernelTime now) => _lastEvent = now;

    /// <summary>Everything is signalled.</summary>
    public void Clear() => (Pending, _enoughAt) = (0, KernelTime.Never);

    /// <summary>So many pend again.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pending">Completions.</param>
    /// <param name="from">When the first of them came, or the last if that restarts the time.</param>
    public void Restart(KernelTime now, int pending, KernelTime from) =>
        (Pending, From, _enoughAt) = (pending, from, Frames > 0 && pending >= Frames ? now : KernelTime.Never);

    /// <summary>When they would be due if the time counted from then, unless from the last event, and enough had come then.</summary>
    public KernelTime DueAt(KernelTime from, KernelTime enoughAt)
    {
        var span = KernelTime.FromMicroseconds(Usecs);
        if (Start == PeriodStart.LastEvent) return KernelTime.Min(KernelTime.Max(from, _lastEvent + span), enoughAt);
        return KernelTime.Min(Usecs > 0 ? from + span : KernelTime.Never, enoughAt);
    }
}
