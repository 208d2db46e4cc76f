using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// When the completions of one direction of a queue are due to be signalled: a time after the first, or after the last when each restarts it,
/// or as soon as there are so many (specification section 2.3; kernel: <c>enum dim_cq_period_mode</c>). Knows no clock.
/// </summary>
internal sealed class CompletionTimer
{
    private KernelTime _enoughAt = KernelTime.Never; // when the last of enough completions came

    /// <summary>Microseconds in force; 0 is no limit in time.</summary>
    public int Usecs { get; private set; }

    /// <summary>Completions in force; 0 is no limit in number.</summary>
    public int Frames { get; private set; }

    /// <summary>Each completion restarts the time (CQE mode).</summary>
    public bool Restarts { get; private set; }

    /// <summary>Completions not signalled yet.</summary>
    public int Pending { get; private set; }

    /// <summary>What the time counts from; meaningless when none is pending.</summary>
    public KernelTime From { get; private set; }

    /// <summary>When they are due; <see cref="KernelTime.Never"/> when none is pending.</summary>
    public KernelTime Due => Pending == 0 ? KernelTime.Never : DueAt(From, _enoughAt);

    /// <summary>Further completions after which the number is reached; at least 1.</summary>
    public int UntilEnough => Frames == 0 ? int.MaxValue : Math.Max(1, Frames - Pending);

    /// <summary>New values; those pending are judged by them.</summary>
    public void Set(int usecs, int frames, bool restarts)
    {
        (Usecs, Frames, Restarts) = (usecs, frames, restarts);
        if (_enoughAt.IsNever && Pending > 0 && frames > 0 && Pending >= frames) _enoughAt = From;
    }

    /// <summary>A completion.</summary>
    public void Add(KernelTime now)
    {
        if (Pending++ == 0 || Restarts) From = now;
        if (Pending == Frames) _enoughAt = now;
    }

    /// <summary>Everything is signalled.</summary>
    public void Clear() => (Pending, _enoughAt) = (0, KernelTime.Never);

    /// <summary>So many pend again.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pending">Completions.</param>
    /// <param name="from">When the first of them came, or the last in CQE mode.</param>
    public void Restart(KernelTime now, int pending, KernelTime from) =>
        (Pending, From, _enoughAt) = (pending, from, Frames > 0 && pending >= Frames ? now : KernelTime.Never);

    /// <summary>When they would be due if the time counted from then and enough had come then.</summary>
    public KernelTime DueAt(KernelTime from, KernelTime enoughAt) =>
        KernelTime.Min(Usecs > 0 ? from + KernelTime.FromMicroseconds(Usecs) : KernelTime.Never, enoughAt);
}
