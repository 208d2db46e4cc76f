using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Links;

/// <summary>Learns of every frame that wire or hardware loses before there is a packet (where Linux has only a counter).</summary>
public interface IDropObserver
{
    /// <summary><paramref name="frame"/> ended at <paramref name="at"/> for <paramref name="reason"/>; its bytes are valid during the call
    /// only.</summary>
    void OnDrop(SkbDropReason reason, in WireFrame frame, KernelTime at);
}
