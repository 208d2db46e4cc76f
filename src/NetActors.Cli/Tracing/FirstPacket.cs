using NetActors.Observe;

namespace NetActors.Cli.Tracing;

/// <summary>Finds the first packet that an application got, or else one that the stack used or dropped.</summary>
internal sealed class FirstPacket : ITraceSink
{
    private long _used;
    private long _dropped;

    /// <summary>The first packet copied to an application; 0 while there is none.</summary>
    public long Delivered { get; private set; }

    /// <summary>The best that was found; 0 for none.</summary>
    public long Best => Delivered != 0 ? Delivered : _used != 0 ? _used : _dropped;

    /// <summary>What became of it.</summary>
    public string Fate => Delivered != 0 ? "delivered" : _used != 0 ? "consumed by the stack" : "dropped";

    /// <inheritdoc />
    public void Emit(in TraceEvent e)
    {
        if (e.PacketId == 0) return;
        if (e.Point == TracePoint.skb_copy_datagram_iovec && Delivered == 0) Delivered = e.PacketId;
        else if (e.Point == TracePoint.consume_skb && _used == 0) _used = e.PacketId;
        else if (e.Point == TracePoint.kfree_skb && _dropped == 0) _dropped = e.PacketId;
    }
}
