using NetActors.Buffers;

namespace NetActors.Tcp;

/// <summary>A listener's answer to a segment.</summary>
/// <param name="Effects">What is to be done.</param>
/// <param name="Reason">
/// With which reason the packet is freed, unless a child takes it. A SYN that is refused because a queue is full counts as consumed, as on
/// Linux.
/// </param>
public readonly record struct ListenVerdict(ListenEffects Effects, SkbDropReason Reason)
{
    /// <summary>Done, with nothing to do.</summary>
    public static readonly ListenVerdict Consumed = new(ListenEffects.None, SkbDropReason.CONSUMED);
}
