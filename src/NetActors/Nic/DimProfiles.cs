namespace NetActors.Nic;

/// <summary>What a completion queue is set to (kernel: <c>struct dim_cq_moder</c>).</summary>
/// <param name="Usecs">Microseconds.</param>
/// <param name="Frames">Completions.</param>
public readonly record struct DimModeration(int Usecs, int Frames);

/// <summary>The profiles of <see cref="NetDim"/>: by direction, and by what the time counts from (kernel: <c>NET_DIM_RX_EQE_PROFILES</c> and its
/// kin in lib/dim/net_dim.c).</summary>
public static class DimProfiles
{
    private static readonly DimModeration[] RxEqe = [new(1, 256), new(8, 256), new(64, 256), new(128, 256), new(256, 256)];
    private static readonly DimModeration[] RxCqe = [new(2, 256), new(8, 128), new(16, 64), new(32, 64), new(64, 64)];
    private static readonly DimModeration[] TxEqe = [new(1, 128), new(8, 128), new(32, 128), new(64, 128), new(128, 128)];
    private static readonly DimModeration[] TxCqe = [new(5, 128), new(8, 64), new(16, 32), new(32, 32), new(64, 32)];

    /// <summary>Of received packets (<c>net_dim_get_rx_moderation</c>).</summary>
    /// <param name="fromCompletion">CQE mode.</param>
    /// <param name="profile">0 to 4.</param>
    public static DimModeration Rx(bool fromCompletion, int profile) => (fromCompletion ? RxCqe : RxEqe)[profile];

    /// <summary>Of packets sent (<c>net_dim_get_tx_moderation</c>).</summary>
    /// <param name="fromCompletion">CQE mode.</param>
    /// <param name="profile">0 to 4.</param>
    public static DimModeration Tx(bool fromCompletion, int profile) => (fromCompletion ? TxCqe : TxEqe)[profile];
}
