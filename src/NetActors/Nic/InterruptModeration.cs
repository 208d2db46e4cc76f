using NetActors.Time;

namespace NetActors.Nic;

/// <summary>Decides when the vector of a receive queue fires (specification sections 2.3 and 2.5). Knows no clock.</summary>
public sealed class InterruptModeration
{
    private readonly DynamicModeration _dim = new();
    private readonly AdaptiveItr _itr;
    private CoalesceSettings _settings;
    private int _usecs; // in force: the settings', or what adaptation chose
    private int _frames;
    private KernelTime _lastFired = KernelTime.FromNanoseconds(long.MinValue / 2);
    private KernelTime _enoughAt = KernelTime.Never; // when the rx-frames'th completion came
    private long _packets; // at the last adaptation
    private long _bytes;

    /// <summary>An unmasked vector without completions.</summary>
    /// <param name="kind">How the device holds back.</param>
    /// <param name="settings">The values; checked by whoever takes them from a user.</param>
    /// <param name="jiffy">Length of a jiffy, which paces <see cref="AdaptiveItr"/>.</param>
    public InterruptModeration(ModerationKind kind, CoalesceSettings settings, KernelTime jiffy)
    {
        (Kind, _itr) = (kind, new AdaptiveItr(jiffy));
        Apply(settings);
    }

    /// <summary>How the device holds back.</summary>
    public ModerationKind Kind { get; }

    /// <summary>The values the user chose.</summary>
    public CoalesceSettings Settings => _settings;

    /// <summary>Microseconds in force.</summary>
    public int Usecs => _usecs;

    /// <summary>Completions in force.</summary>
    public int Frames => _frames;

    /// <summary>When the vector fires; <see cref="KernelTime.Never"/> when it is masked or nothing is pending.</summary>
    public KernelTime Deadline { get; private set; } = KernelTime.Never;

    /// <summary>Masked since it fired, until NAPI completes.</summary>
    public bool IsMasked { get; private set; }

    /// <summary>Completions not signalled yet.</summary>
    public int Pending { get; private set; }

    /// <summary>When the first of them came; meaningless when none is pending.</summary>
    public KernelTime FirstPending { get; private set; }

    /// <summary>Further completions after which the vector fires at once; <see cref="int.MaxValue"/> when their number does not
    /// matter.</summary>
    public int CompletionsUntilDue => FirstDecides ? int.MaxValue : Math.Max(1, _frames - Pending);

    /// <summary>The first completion alone says when the vector fires: those behind it change nothing.</summary>
    public bool FirstDecides => Kind == ModerationKind.Throttle || _frames == 0;

    /// <summary>New values; those pending are judged by them.</summary>
    public void Apply(CoalesceSettings settings)
    {
        _settings = settings;
        if (settings.AdaptiveRx) Adopt();
        else (_usecs, _frames) = (settings.RxUsecs, settings.RxFrames);
        if (_enoughAt.IsNever && Pending > 0 && _frames > 0 && Pending >= _frames) _enoughAt = FirstPending;
        Rearm();
    }

    /// <summary>A frame was written to the ring at <paramref name="now"/>. Answers the new <see cref="Deadline"/>.</summary>
    public KernelTime OnCompletion(KernelTime now)
    {
        if (IsMasked) return KernelTime.Never;
        if (Pending++ == 0) FirstPending = now;
        if (Pending == _frames) _enoughAt = now;
        Rearm();
        return Deadline;
    }

    /// <summary>The vector fired: everything pending is signalled, and the vector masks itself.</summary>
    public void OnFired(KernelTime now)
    {
        _lastFired = now;
        _dim.OnInterrupt();
        OnMasked();
    }

    /// <summary>The driver masked the vector; what comes from now on waits for the unmasking.</summary>
    public void OnMasked()
    {
        (IsMasked, Pending, _enoughAt, Deadline) = (true, 0, KernelTime.Never, KernelTime.Never);
    }

    /// <summary>
    /// NAPI completed. What lies in the ring pends again, since causes are levels: it fires as soon as moderation is satisfied.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="pendingCompletions">Completions in the ring.</param>
    /// <param name="firstPendingTime">When the first of them came.</param>
    /// <param name="packets">Packets that the driver ever took out of the ring: what adaptation learns from.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <returns>The new <see cref="Deadline"/>, not before <paramref name="now"/>.</returns>
    public KernelTime OnUnmasked(KernelTime now, int pendingCompletions, KernelTime firstPendingTime, long packets = 0, long bytes = 0)
    {
        if (_settings.AdaptiveRx) Adapt(now, packets, bytes);
        (IsMasked, Pending, FirstPending) = (false, pendingCompletions, firstPendingTime);
        _enoughAt = _frames > 0 && pendingCompletions >= _frames ? now : KernelTime.Never;
        Rearm();
        return Deadline = KernelTime.Max(Deadline, now);
    }

    /// <summary>When the vector would fire, unmasked, if the first completion came and enough of them had come at these times.</summary>
    public KernelTime DueAt(KernelTime first, KernelTime enoughAt) => Kind == ModerationKind.Throttle
        ? KernelTime.Max(first, _lastFired + KernelTime.FromMicroseconds(_usecs))
        : KernelTime.Min(_usecs > 0 ? first + KernelTime.FromMicroseconds(_usecs) : KernelTime.Never, enoughAt);

    private void Rearm() => Deadline = IsMasked || Pending == 0 ? KernelTime.Never : DueAt(FirstPending, _enoughAt);

    private void Adapt(KernelTime now, long packets, long bytes)
    {
        if (Kind == ModerationKind.Throttle)
        {
            _itr.Update(now, packets - _packets, bytes - _bytes);
            (_packets, _bytes) = (packets, bytes);
        }
        else
        {
            _dim.OnSample(now, packets, bytes); // these only ever grow, as dim_sample's do
        }

        Adopt();
    }

    private void Adopt() => (_usecs, _frames) = Kind == ModerationKind.Throttle ? (_itr.Usecs, 0) : (_dim.Usecs, _dim.Frames);
}
