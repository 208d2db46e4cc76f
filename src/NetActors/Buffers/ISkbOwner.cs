namespace NetActors.Buffers;

/// <summary>Who pays for a packet on its way out (kernel: <c>skb-&gt;sk</c> with its <c>destructor</c>).</summary>
public interface ISkbOwner
{
    /// <summary>The packet is freed or passed on for good, on the current CPU if there is one (kernel: <c>sock_wfree</c>).</summary>
    void OnFreed(SkBuff skb);
}
