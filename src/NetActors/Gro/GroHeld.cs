using NetActors.Buffers;

namespace NetActors.Gro;

/// <summary>Packets that wait in one bucket for others of their flow, at most eight (kernel: <c>struct gro_list</c>).</summary>
internal sealed class GroHeld
{
    /// <summary>Kernel: <c>MAX_GRO_SKBS</c>.</summary>
    public const int Max = 8;

    private readonly SkBuff?[] _packets = new SkBuff?[Max]; // the oldest first

    /// <summary>Packets held.</summary>
    public int Count { get; private set; }

    /// <summary>A packet by its place: the newest is 0, where a search begins.</summary>
    public SkBuff this[int place] => _packets[Count - 1 - place]!;

    /// <summary>The packet that has waited longest.</summary>
    public SkBuff Oldest => _packets[0]!;

    /// <summary>Adds the newest.</summary>
    public void Add(SkBuff skb) => _packets[Count++] = skb;

    /// <summary>Takes a packet out.</summary>
    public void Remove(SkBuff skb)
    {
        var at = Array.IndexOf(_packets, skb, 0, Count);
        Array.Copy(_packets, at + 1, _packets, at, --Count - at);
        _packets[Count] = null;
    }
}
