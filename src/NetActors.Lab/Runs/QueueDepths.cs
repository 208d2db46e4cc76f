using NetActors.Hosts;

namespace NetActors.Lab.Runs;

/// <summary>Packets that wait on a host at one moment, by the queue they wait in.</summary>
/// <param name="Rings">In receive rings.</param>
/// <param name="Backlogs">In the backlogs of CPUs (<c>input_pkt_queue</c> and <c>process_queue</c>).</param>
/// <param name="Sockets">Datagrams in receive queues of sockets.</param>
/// <param name="Qdiscs">In qdiscs.</param>
internal sealed record QueueDepths(long Rings, long Backlogs, long Sockets, long Qdiscs)
{
    /// <summary>Those of a host that stands still.</summary>
    public static QueueDepths Of(Host host) => new(
        host.Nics.Sum(n => n.Receive.FifoFrames + Enumerable.Range(0, n.Receive.Channels).Sum(q => (long)n.Receive.Queue(q).Count)),
        host.Cpus.Sum(c => (long)c.Softnet.InputLength + c.Softnet.ProcessLeft),
        host.DatagramSockets.Sum(s => (long)s.Queued),
        host.Nics.Sum(n => (long)n.Qdiscs.Length));
}
