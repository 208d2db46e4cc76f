using NetActors.Buffers;

namespace NetActors.Nic;

/// <summary>
/// Counters of a receive side, with ixgbe's names (specification section 9.6). Taken = rx_packets at the rings + drops + frames in the
/// FIFO or not yet arrived.
/// </summary>
public sealed class NicStatistics
{
    /// <summary>Frames taken from the wire, ahead of their time or not.</summary>
    public long Taken { get; internal set; }

    /// <summary>Frames written to a ring (<c>rx_pkts_nic</c>).</summary>
    public long RxPacketsNic { get; internal set; }

    /// <summary>Their bytes, without FCS (<c>rx_bytes_nic</c>).</summary>
    public long RxBytesNic { get; internal set; }

    /// <summary>Packets that a ring lost when it was replaced; an emulator's counter (<c>rx_purged</c>).</summary>
    public long RxPurged { get; internal set; }

    /// <summary>Frames dropped for want of a descriptor (<c>rx_no_dma_resources</c>).</summary>
    public long RxNoDmaResources { get; internal set; }

    /// <summary>Frames dropped since the FIFO was full (<c>rx_missed_errors</c>).</summary>
    public long RxMissedErrors { get; internal set; }

    /// <summary>Frames that found no descriptor and could wait (<c>rx_no_buffer_count</c>): no loss.</summary>
    public long RxNoBufferCount { get; internal set; }

    /// <summary>Frames with a bad check sequence (<c>rx_crc_errors</c>).</summary>
    public long RxCrcErrors { get; internal set; }

    /// <summary>Frames too short or too long (<c>rx_length_errors</c>).</summary>
    public long RxLengthErrors { get; internal set; }

    /// <summary>Frames that the address filter did not want; an emulator's counter (<c>rx_filtered</c>).</summary>
    public long RxFiltered { get; internal set; }

    /// <summary>Packets whose checksum was wrong (<c>rx_csum_offload_errors</c>); the stack gets them.</summary>
    public long RxCsumOffloadErrors { get; internal set; }

    /// <summary>Packets for which there was no memory (<c>alloc_rx_buff_failed</c>).</summary>
    public long AllocRxBuffFailed { get; internal set; }

    /// <summary>Frames that a flow rule wanted (<c>fdir_match</c>).</summary>
    public long FdirMatch { get; internal set; }

    /// <summary>Frames that no flow rule wanted (<c>fdir_miss</c>).</summary>
    public long FdirMiss { get; internal set; }

    /// <summary>Frames that a flow rule dropped; an emulator's counter (<c>fdir_drop</c>).</summary>
    public long FdirDrop { get; internal set; }

    /// <summary>Multicast frames taken (<c>multicast</c>).</summary>
    public long Multicast { get; internal set; }

    /// <summary>Broadcast frames taken (<c>broadcast</c>).</summary>
    public long Broadcast { get; internal set; }

    /// <summary>Times we asked the wire to pause (<c>tx_flow_control_xoff</c>).</summary>
    public long TxFlowControlXoff { get; internal set; }

    /// <summary>Times we let it go on (<c>tx_flow_control_xon</c>).</summary>
    public long TxFlowControlXon { get; internal set; }

    /// <summary>Frames that ended without reaching a ring.</summary>
    public long Dropped => RxNoDmaResources + RxMissedErrors + RxCrcErrors + RxLengthErrors + RxFiltered + FdirDrop;

    /// <summary>Counts a drop under its reason.</summary>
    internal void OnDrop(SkbDropReason reason)
    {
        switch (reason)
        {
            case SkbDropReason.HW_CRC: RxCrcErrors++; break;
            case SkbDropReason.HW_LENGTH: RxLengthErrors++; break;
            case SkbDropReason.HW_MAC_FILTER: RxFiltered++; break;
            case SkbDropReason.HW_FLOW_RULE: FdirDrop++; break;
            case SkbDropReason.HW_FIFO_FULL: RxMissedErrors++; break;
            default: RxNoDmaResources++; break;
        }
    }

    /// <summary>Names and values in ixgbe's order, for <c>ethtool -S</c>.</summary>
    public IReadOnlyList<(string Name, long Value)> Entries() =>
    [
        ("rx_pkts_nic", RxPacketsNic), ("rx_bytes_nic", RxBytesNic), ("multicast", Multicast), ("broadcast", Broadcast),
        ("rx_no_buffer_count", RxNoBufferCount), ("rx_crc_errors", RxCrcErrors), ("rx_length_errors", RxLengthErrors),
        ("rx_missed_errors", RxMissedErrors), ("rx_no_dma_resources", RxNoDmaResources), ("alloc_rx_buff_failed", AllocRxBuffFailed),
        ("rx_csum_offload_errors", RxCsumOffloadErrors), ("fdir_match", FdirMatch), ("fdir_miss", FdirMiss), ("fdir_drop", FdirDrop),
        ("tx_flow_control_xon", TxFlowControlXon), ("tx_flow_control_xoff", TxFlowControlXoff), ("rx_filtered", RxFiltered),
        ("rx_purged", RxPurged),
    ];
}
