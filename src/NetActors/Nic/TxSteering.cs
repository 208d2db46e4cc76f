using NetActors.Buffers;
using NetActors.Qdisc;

namespace NetActors.Nic;

/// <summary>
/// Which transmit queue a packet takes (kernel: <c>netdev_pick_tx</c>, <c>get_xps_queue</c>, <c>skb_tx_hash</c>). A connected socket keeps
/// its queue until nothing of it is under way, so that its packets do not overtake each other.
/// </summary>
/// <param name="queues">Transmit queues.</param>
/// <param name="byCpu">Queues of each CPU (<c>xps_cpus</c>); none is by hash.</param>
/// <param name="byRxQueue">Queues of each receive queue (<c>xps_rxqs</c>), asked first.</param>
internal sealed class TxSteering(int queues, int[][] byCpu, int[][] byRxQueue)
{
    /// <summary>What drivers set when they come up: each CPU has a queue (<c>netif_set_xps_queue</c>).</summary>
    public static TxSteering OfDriver(int queues, int cpus) => new(queues, MapsOfDriver(queues, cpus), []);

    /// <summary>The queues of each CPU as drivers set them.</summary>
    public static int[][] MapsOfDriver(int queues, int cpus) => [.. Enumerable.Range(0, cpus).Select(cpu => new[] { cpu % queues })];

    /// <summary>The queue of a packet.</summary>
    /// <param name="skb">The packet.</param>
    /// <param name="cpu">The CPU that sends it.</param>
    /// <param name="hashes">Knows its flow hash.</param>
    /// <param name="range">The queues of its traffic class: how many and the first; (0, 0) for all.</param>
    public int Pick(SkBuff skb, int cpu, IQdiscSink hashes, (int Count, int Offset) range)
    {
        var socket = skb.Socket;
        var known = socket?.TxQueueMapping ?? -1;
        if (known >= 0 && known < queues && !skb.OooOkay) return known;
        var queue = range.Count > 0 ? ByHash(skb, hashes, range) : ByMap(skb, cpu, hashes);
        if (queue < 0) queue = ByHash(skb, hashes, (queues, 0));
        if (socket is not null) socket.TxQueueMapping = queue;
        return queue;
    }

    private int ByMap(SkBuff skb, int cpu, IQdiscSink hashes)
    {
        if (byRxQueue.Length > 0 && skb.Socket is { RxQueueMapping: >= 0 and var rx } && rx < byRxQueue.Length && byRxQueue[rx].Length > 0)
            return Of(byRxQueue[rx], skb, hashes);
        return cpu < byCpu.Length && byCpu[cpu].Length > 0 ? Of(byCpu[cpu], skb, hashes) : -1;
    }

    private static int Of(int[] map, SkBuff skb, IQdiscSink hashes) =>
        map.Length == 1 ? map[0] : map[(int)(((ulong)hashes.Hash(skb) * (uint)map.Length) >> 32)];

    /// <summary>By the receive queue of a packet that only passes, else by its hash.</summary>
    private static int ByHash(SkBuff skb, IQdiscSink hashes, (int Count, int Offset) range)
    {
        if (skb.QueueMapping == 0) return (int)(((ulong)hashes.Hash(skb) * (uint)range.Count) >> 32) + range.Offset;
        var rx = skb.QueueMapping - 1;
        if (rx >= range.Offset) rx -= range.Offset;
        return (rx % range.Count) + range.Offset;
    }
}
