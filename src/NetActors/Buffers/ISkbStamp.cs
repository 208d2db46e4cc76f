using NetActors.Time;

namespace NetActors.Buffers;

/// <summary>Whoever wants to know when a packet leaves (kernel: <c>SKBTX_SW_TSTAMP</c>, <c>skb_tx_timestamp</c>).</summary>
internal interface ISkbStamp
{
    /// <summary>The driver hands the packet to its device.</summary>
    void OnTransmitted(SkBuff skb, KernelTime now);
}
