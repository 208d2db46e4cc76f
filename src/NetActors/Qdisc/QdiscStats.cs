namespace NetActors.Qdisc;

/// <summary>What <c>tc -s</c> shows of a qdisc or class (kernel: <c>gnet_stats_basic_sync</c>, <c>gnet_stats_queue</c>).</summary>
public sealed class QdiscStats
{
    /// <summary>Bytes handed on.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Packets handed on; a large packet counts its segments.</summary>
    public long Packets { get; internal set; }

    /// <summary>Packets dropped.</summary>
    public long Drops { get; internal set; }

    /// <summary>Times that a packet had to wait for a rate, or was to be marked.</summary>
    public long Overlimits { get; internal set; }

    /// <summary>Packets that the device did not take and that came back.</summary>
    public long Requeues { get; internal set; }

    /// <summary>Bytes waiting.</summary>
    public int Backlog { get; internal set; }

    /// <summary>Packets waiting.</summary>
    public int Qlen { get; internal set; }

    /// <summary>Adds another's figures, as a holder of qdiscs does when it is asked (kernel: <c>gnet_stats_add_queue</c>).</summary>
    internal void Add(QdiscStats other)
    {
        Bytes += other.Bytes;
        Packets += other.Packets;
        Drops += other.Drops;
        Overlimits += other.Overlimits;
        Requeues += other.Requeues;
        Backlog += other.Backlog;
        Qlen += other.Qlen;
    }
}
