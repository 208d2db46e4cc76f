namespace NetActors.Time;

/// <summary>
/// One timer, owned by the protocol object that it calls and linked into a <see cref="TimerWheel"/> while it is pending
/// (kernel: <c>struct timer_list</c>). Made once with its owner: arming it allocates nothing.
/// </summary>
public sealed class TimerEntry
{
    internal const int NotPending = -1;

    private readonly ITimerTarget? _target;

    /// <summary>A timer that calls <paramref name="target"/>.</summary>
    /// <param name="target">Who is called.</param>
    /// <param name="tag">Which of the target's timers this is; free for its use.</param>
    public TimerEntry(ITimerTarget target, int tag = 0) => (_target, Tag) = (target, tag);

    /// <summary>The head of an empty list; <paramref name="slot"/> is its bucket.</summary>
    internal TimerEntry(int slot) => (Slot, Next, Prev) = (slot, this, this);

    /// <summary>Which of the target's timers this is.</summary>
    public int Tag { get; }

    /// <summary>
    /// When it was last asked to expire (kernel: <c>expires</c>); the wheel may be later by its granularity, never earlier.
    /// </summary>
    public KernelTime Expires { get; internal set; } = KernelTime.Never;

    /// <summary>Armed and not yet expired or cancelled (kernel: <c>timer_pending</c>).</summary>
    public bool IsPending => Slot != NotPending;

    /// <summary>The wheel it is pending in, or was last.</summary>
    internal TimerWheel? Wheel { get; set; }

    /// <summary>Bucket of the wheel or index in the heap.</summary>
    internal int Slot { get; set; } = NotPending;

    /// <summary>Jiffy at which it was asked to expire.</summary>
    internal long Asked { get; set; }

    /// <summary>Jiffy of the bucket; with an exact clock the nanosecond at which it is due.</summary>
    internal long Due { get; set; }

    /// <summary>With an exact clock: number of the arming, which breaks ties.</summary>
    internal ulong Sequence { get; set; }

    internal TimerEntry? Next { get; set; }

    internal TimerEntry? Prev { get; set; }

    internal void Fire(KernelTime now) => _target!.OnTimer(this, now);
}
