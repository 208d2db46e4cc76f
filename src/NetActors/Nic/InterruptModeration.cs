using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// Decides when the vector of a queue pair fires (specification sections 2.3 and 2.5): for what was received, or for what was sent. Knows no
/// clock.
/// </summary>
public sealed class InterruptModeration
{
    private readonly CompletionTimer _rx = new();
    private readonly CompletionTimer _tx = new();
    private readonly AdaptiveItr _itr;
    private CoalesceSettings _settings;
    private long _packets; // at the last adaptation
    private long _bytes;
    private bool _dimDue;

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

    /// <summary>What adapts the values of received packets; null when they are fixed.</summary>
    public NetDim? RxDim { get; private set; }

    /// <summary>What adapts the values of packets sent; null when they are fixed.</summary>
    public NetDim? TxDim { get; private set; }

    /// <summary>Microseconds in force.</summary>
    public int Usecs => _rx.Usecs;

    /// <summary>Completions in force.</summary>
    public int Frames => _rx.Frames;

    /// <summary>Microseconds in force for packets sent.</summary>
    public int TxUsecs => _tx.Usecs;

    /// <summary>Completions in force for packets sent.</summary>
    public int TxFrames => _tx.Frames;

    /// <summary>When the vector fires; <see cref="KernelTime.Never"/> when it is masked or nothing is pending.</summary>
    public KernelTime Deadline { get; private set; } = KernelTime.Never;

    /// <summary>When it fires for what was sent.</summary>
    public KernelTime TxDeadline => IsMasked ? KernelTime.Never : _tx.Due;

    /// <summary>Masked since it fired, until NAPI completes.</summary>
    public bool IsMasked { get; private set; }

    /// <summary>Receive completions not signalled yet.</summary>
    public int Pending => _rx.Pending;

    /// <summary>When the first of them came, or the last if each restarts the time; meaningless when none is pending.</summary>
    public KernelTime FirstPending => _rx.From;

    /// <summary>Further completions after which the vector fires at once; <see cref="int.MaxValue"/> when their number does not
    /// matter.</summary>
    public int CompletionsUntilDue => _rx.UntilEnough;

    /// <summary>Each receive completion restarts the time.</summary>
    public bool Restarts => _rx.Start == PeriodStart.LastCompletion;

    /// <summary>The first completion alone says when the vector fires: those behind it change nothing.</summary>
    public bool FirstDecides => _rx.Frames == 0 && !Restarts;

    /// <summary>New values; those pending are judged by them. Adaptation that goes on keeps what it has found.</summary>
    public void Apply(CoalesceSettings settings)
    {
        var before = _settings;
        _settings = settings;
        var adapts = Kind != ModerationKind.Throttle;
        RxDim = !adapts || !settings.AdaptiveRx ? null : RxDim is not null && before.CqeModeRx == settings.CqeModeRx ? RxDim : new NetDim();
        TxDim = !adapts || !settings.AdaptiveTx ? null : TxDim is not null && before.CqeModeTx == settings.CqeModeTx ? TxDim : new NetDim();
        if (!adapts) _rx.Set(settings.AdaptiveRx ? _itr.Usecs : settings.RxUsecs, 0, PeriodStart.LastEvent);
        else if (RxDim is null || !before.AdaptiveRx) _rx.Set(settings.RxUsecs, settings.RxFrames, StartOf(settings.CqeModeRx));
        if (adapts && (TxDim is null || !before.AdaptiveTx)) _tx.Set(settings.TxUsecs, settings.TxFrames, StartOf(settings.CqeModeTx));
        Rearm();
    }

    /// <summary>A frame was written to the ring at <paramref name="now"/>. Answers the new <see cref="Deadline"/>.</summary>
    public KernelTime OnCompletion(KernelTime now)
    {
        if (IsMasked) return KernelTime.Never;
        _rx.Add(now);
        Rearm();
        return Deadline;
    }

    /// <summary>Packets were sent: now <paramref name="pending"/> wait to be freed. Answers the new <see cref="Deadline"/>.</summary>
    public KernelTime OnTransmitted(KernelTime now, int pending)
    {
        if (Kind == ModerationKind.Throttle) return OnCompletion(now); // one vector, one gap
        if (IsMasked) return KernelTime.Never;
        while (_tx.Pending < pending) _tx.Add(now);
        Rearm();
        return Deadline;
    }

    /// <summary>The vector fired: everything pending is signalled, and the vector masks itself.</summary>
    public void OnFired(KernelTime now)
    {
        if (_rx.Due <= now)
        {
            _rx.OnEvent(now);
            RxDim?.OnInterrupt();
        }

        if (_tx.Due <= now)
        {
            _tx.OnEvent(now);
            TxDim?.OnInterrupt();
        }

        OnMasked();
    }

    /// <summary>The driver masked the vector; what comes from now on waits for the unmasking.</summary>
    public void OnMasked()
    {
        _rx.Clear();
        _tx.Clear();
        (IsMasked, Deadline) = (true, KernelTime.Never);
    }

    /// <summary>
    /// NAPI completed. What lies in the ring pends again, since causes are levels: it fires as soon as moderation is satisfied.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="pendingCompletions">Completions in the ring.</param>
    /// <param name="pendingFrom">When the first of them came, or the last if each restarts the time.</param>
    /// <param name="packets">Packets that the driver ever took out of the ring: what adaptation learns from.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="tx">The transmit side.</param>
    /// <returns>The new <see cref="Deadline"/>, not before <paramref name="now"/>.</returns>
    public KernelTime OnUnmasked(
        KernelTime now, int pendingCompletions, KernelTime pendingFrom, long packets = 0, long bytes = 0, in TxProgress tx = default)
    {
        if (Kind == ModerationKind.Throttle && _settings.AdaptiveRx)
        {
            _itr.Update(now, packets - _packets, bytes - _bytes);
            (_packets, _bytes) = (packets, bytes);
            _rx.Set(_itr.Usecs, 0, PeriodStart.LastEvent);
        }

        if (RxDim?.OnSample(now, packets, bytes) == true) _dimDue = true;
        if (TxDim?.OnSample(now, tx.Packets, tx.Bytes) == true) _dimDue = true;
        IsMasked = false;
        _rx.Restart(now, pendingCompletions, pendingFrom);
        if (Kind != ModerationKind.Throttle) _tx.Restart(now, tx.Pending, now);
        else if (tx.Pending > 0) _rx.Add(now);
        Rearm();
        return Deadline = KernelTime.Max(Deadline, now);
    }

    /// <summary>Adaptation has chosen a profile that the device does not have; reading it says that the driver's work is under way
    /// (<c>schedule_work</c>).</summary>
    public bool TakeDimWork()
    {
        var due = _dimDue;
        _dimDue = false;
        return due;
    }

    /// <summary>The driver's work programs what adaptation has chosen, and lets it measure again (mlx5: <c>mlx5e_rx_dim_work</c>,
    /// <c>mlx5e_tx_dim_work</c>).</summary>
    public void DoDimWork()
    {
        if (RxDim is { Phase: DimPhase.ApplyNewProfile } rx)
        {
            var chosen = DimProfiles.Rx(_settings.CqeModeRx, rx.Profile);
            _rx.Set(chosen.Usecs, chosen.Frames, StartOf(_settings.CqeModeRx));
            rx.OnProgrammed();
        }

        if (TxDim is { Phase: DimPhase.ApplyNewProfile } tx)
        {
            var chosen = DimProfiles.Tx(_settings.CqeModeTx, tx.Profile);
            _tx.Set(chosen.Usecs, chosen.Frames, StartOf(_settings.CqeModeTx));
            tx.OnProgrammed();
        }

        Rearm();
    }

    /// <summary>When the vector would fire, unmasked, if the time counted from then and enough of them had come at these times.</summary>
    public KernelTime DueAt(KernelTime from, KernelTime enoughAt) => _rx.DueAt(from, enoughAt);

    private PeriodStart StartOf(bool cqeMode) => cqeMode ? PeriodStart.LastCompletion
        : Kind == ModerationKind.CompletionQueue ? PeriodStart.LastEvent : PeriodStart.FirstCompletion;

    private void Rearm() => Deadline = IsMasked ? KernelTime.Never : KernelTime.Min(_rx.Due, _tx.Due);
}

/// <summary>The transmit side of a queue pair as its driver sees it when NAPI completes.</summary>
/// <param name="Pending">Packets that were sent and not freed.</param>
/// <param name="Packets">Packets ever sent.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct TxProgress(int Pending, long Packets, long Bytes);
