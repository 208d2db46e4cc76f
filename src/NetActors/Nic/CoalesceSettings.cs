namespace NetActors.Nic;

/// <summary>How a device holds interrupts back.</summary>
public enum ModerationKind : byte
{
    /// <summary>By time since the first completion or by their number, whichever comes first (mlx5, virtio, the kernel's
    /// definition).</summary>
    Coalesce,

    /// <summary>By a least gap between two interrupts (Intel: ITR, EITR); <c>rx-frames</c> has no meaning.</summary>
    Throttle,
}

/// <summary>The receive half of <c>ethtool -C</c> (kernel: <c>struct ethtool_coalesce</c>).</summary>
/// <param name="RxUsecs">Microseconds; 0 is no delay (with frames 1) or no limit in time.</param>
/// <param name="RxFrames">Completions; 0 is no limit in number.</param>
/// <param name="AdaptiveRx">The driver chooses the values by the traffic.</param>
public readonly record struct CoalesceSettings(int RxUsecs, int RxFrames, bool AdaptiveRx = false)
{
    /// <summary>Every completion interrupts.</summary>
    public static readonly CoalesceSettings Off = new(0, 1);

    /// <summary>May a device have these? Both 0 would never interrupt (include/uapi/linux/ethtool.h).</summary>
    public EthtoolResult Check(ModerationKind kind)
    {
        if (RxUsecs < 0 || RxFrames < 0) return EthtoolResult.Invalid("rx-usecs and rx-frames must not be negative");
        return kind == ModerationKind.Coalesce && RxUsecs == 0 && RxFrames == 0 && !AdaptiveRx
            ? EthtoolResult.Invalid("rx-usecs 0 and rx-frames 0 would never raise an interrupt; use rx-frames 1 for no moderation")
            : EthtoolResult.Success;
    }
}
