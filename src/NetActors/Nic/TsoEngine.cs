using NetActors.Buffers;
using NetActors.Gso;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>The part of a card that cuts a large packet of one queue into frames, one after the other (TSO).</summary>
/// <param name="frames">Where frames come from; the chip's memory.</param>
internal sealed class TsoEngine(SkbPool frames)
{
    private SkBuff? _large;
    private int _next;

    /// <summary>The packet at work; null for none.</summary>
    public SkBuff? Large => _large;

    /// <summary>Begins with a packet.</summary>
    public void Begin(SkBuff large) => (_large, _next) = (large, 0);

    /// <summary>Makes the next frame. False when the chip's memory is full of frames that are under way.</summary>
    /// <param name="now">The time.</param>
    /// <param name="frame">The frame, which owns its bytes.</param>
    /// <param name="isLast">The packet is done with.</param>
    public bool TryCut(KernelTime now, out WireFrame frame, out bool isLast)
    {
        (frame, isLast) = (default, false);
        var large = _large!;
        if (frames.Rent() is not { } segment) return false;
        GsoSegmenter.Write(large, _next++, segment);
        frame = new WireFrame(segment.Shared.Head, segment.DataOffset, segment.HeadLength, now, segment, false, large.Id);
        isLast = _next == GsoSegmenter.Count(large);
        if (isLast) _large = null;
        return true;
    }

    /// <summary>Gives up what is at work; null for nothing.</summary>
    public SkBuff? Give()
    {
        var large = _large;
        _large = null;
        return large;
    }

    /// <summary>Frees what is at work, for shutting down.</summary>
    public void Release(SkbDropReason reason)
    {
        _large?.Free(reason);
        _large = null;
    }
}
