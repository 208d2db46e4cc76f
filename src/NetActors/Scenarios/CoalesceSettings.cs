using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>Which meaning <c>rx-usecs</c> has (specification section 2.3).</summary>
public enum CoalesceModel
{
    /// <summary>So long after the first completion that was not signalled, or after so many frames.</summary>
    Events,

    /// <summary>So long after the last interrupt, or in CQE mode after the last completion, or after so many frames (mlx5).</summary>
    CompletionQueue,

    /// <summary>The least gap between two interrupts; frames are ignored (Intel's ITR).</summary>
    Throttle,
}

/// <summary>Interrupt moderation (<c>ethtool -C</c>).</summary>
/// <param name="RxUsecs">Longest wait of a received frame, or least gap, by <paramref name="Model"/>; zero is none.</param>
/// <param name="RxFrames">Received frames that fire at once; 0 is no such limit.</param>
/// <param name="TxUsecs">Longest wait of a transmit completion.</param>
/// <param name="TxFrames">Completions that fire at once; 0 is no such limit.</param>
/// <param name="AdaptiveRx">The driver adapts the receive values to the load.</param>
/// <param name="AdaptiveTx">The driver adapts those of packets sent.</param>
/// <param name="CqeModeRx">Each received frame restarts the time.</param>
/// <param name="CqeModeTx">Each transmit completion restarts it.</param>
/// <param name="Model">What the values mean.</param>
public sealed record CoalesceSettings(
    KernelTime RxUsecs, int RxFrames, KernelTime TxUsecs, int TxFrames, bool AdaptiveRx, bool AdaptiveTx, bool CqeModeRx, bool CqeModeTx, CoalesceModel Model);
