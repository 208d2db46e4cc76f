namespace NetActors.Buffers;

/// <summary>Sees packets that are freed because they were dropped (kernel: what listens to the tracepoint <c>kfree_skb</c>).</summary>
public interface IFreeObserver
{
    /// <summary>The last holder gives <paramref name="skb"/> up for <paramref name="reason"/>; it is still whole during the call.</summary>
    void OnFree(SkBuff skb, SkbDropReason reason);
}
