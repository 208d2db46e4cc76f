namespace NetActors.Nic;

/// <summary>How a device holds interrupts back.</summary>
public enum ModerationKind : byte
{
    /// <summary>By time since the first completion or by their number, whichever comes first (virtio, the kernel's
    /// definition).</summary>
    Coalesce,

    /// <summary>By time since the last interrupt, or in CQE mode since the last completion, or by their number (mlx5).</summary>
    CompletionQueue,

    /// <summary>By a least gap between two interrupts (Intel: ITR, EITR), received and sent packets alike; frames have no meaning.</summary>
    Throttle,
}

/// <summary>What <c>ethtool -C</c> sets (kernel: <c>struct ethtool_coalesce</c>, <c>struct kernel_ethtool_coalesce</c>).</summary>
/// <param name="RxUsecs">Microseconds; 0 is no delay (with frames 1) or no limit in time.</param>
/// <param name="RxFrames">Completions; 0 is no limit in number.</param>
/// <param name="AdaptiveRx">The driver chooses the values by the traffic.</param>
public readonly record struct CoalesceSettings(int RxUsecs, int RxFrames, bool AdaptiveRx = false)
{
    /// <summary>Every completion interrupts.</summary>
    public static readonly CoalesceSettings Off = new(0, 1);

    /// <summary>As <see cref="RxUsecs"/>, of packets sent.</summary>
    public int TxUsecs { get; init; } = RxUsecs;

    /// <summary>As <see cref="RxFrames"/>, of packets sent.</summary>
    public int TxFrames { get; init; } = RxFrames;

    /// <summary>The driver chooses the values of packets sent.</summary>
    public bool AdaptiveTx { get; init; }

    /// <summary>The time counts from the last completion (<c>cqe-mode-rx</c>), each restarting it, instead of from the last interrupt.</summary>
    public bool CqeModeRx { get; init; }

    /// <summary>The same of packets sent.</summary>
    public bool CqeModeTx { get; init; }

    /// <summary>May a device have these? Both 0 would never interrupt (include/uapi/linux/ethtool.h).</summary>
    public EthtoolResult Check(ModerationKind kind)
    {
        if (RxUsecs < 0 || RxFrames < 0) return EthtoolResult.Invalid("rx-usecs and rx-frames must not be negative");
        if (TxUsecs < 0 || TxFrames < 0) return EthtoolResult.Invalid("tx-usecs and tx-frames must not be negative");
        if (kind != ModerationKind.CompletionQueue && (CqeModeRx || CqeModeTx))
            return EthtoolResult.NotSupported("cqe-mode-rx, cqe-mode-tx: only a card with completion queues has these modes");
        if (kind == ModerationKind.Throttle) return EthtoolResult.Success;
        if (RxUsecs == 0 && RxFrames == 0 && !AdaptiveRx)
            return EthtoolResult.Invalid("rx-usecs 0 and rx-frames 0 would never raise an interrupt; use rx-frames 1 for no moderation");
        return TxUsecs == 0 && TxFrames == 0 && !AdaptiveTx
            ? EthtoolResult.Invalid("tx-usecs 0 and tx-frames 0 would never raise an interrupt; use tx-frames 1 for no moderation")
            : EthtoolResult.Success;
    }
}

/// <summary>A change of <see cref="CoalesceSettings"/>; what is null stays as it is.</summary>
/// <param name="RxUsecs"><c>rx-usecs</c>.</param>
/// <param name="RxFrames"><c>rx-frames</c>.</param>
/// <param name="AdaptiveRx"><c>adaptive-rx</c>.</param>
/// <param name="TxUsecs"><c>tx-usecs</c>.</param>
/// <param name="TxFrames"><c>tx-frames</c>.</param>
/// <param name="AdaptiveTx"><c>adaptive-tx</c>.</param>
/// <param name="CqeModeRx"><c>cqe-mode-rx</c>.</param>
/// <param name="CqeModeTx"><c>cqe-mode-tx</c>.</param>
public sealed record CoalesceChange(
    int? RxUsecs = null, int? RxFrames = null, bool? AdaptiveRx = null, int? TxUsecs = null, int? TxFrames = null, bool? AdaptiveTx = null,
    bool? CqeModeRx = null, bool? CqeModeTx = null)
{
    /// <summary>The settings with this change.</summary>
    public CoalesceSettings Of(CoalesceSettings current) => new(RxUsecs ?? current.RxUsecs, RxFrames ?? current.RxFrames, AdaptiveRx ?? current.AdaptiveRx)
    {
        TxUsecs = TxUsecs ?? current.TxUsecs,
        TxFrames = TxFrames ?? current.TxFrames,
        AdaptiveTx = AdaptiveTx ?? current.AdaptiveTx,
        CqeModeRx = CqeModeRx ?? current.CqeModeRx,
        CqeModeTx = CqeModeTx ?? current.CqeModeTx,
    };
}
