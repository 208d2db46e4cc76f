using NetActors.Buffers;

namespace NetActors.Tcp;

/// <summary>Connections that wait for <c>accept</c>, in the order of their handshakes (kernel: <c>rskq_accept_head</c>).</summary>
internal sealed class AcceptQueue
{
    private GrowingRing<(TcpEndpoint Child, RequestSock? FastOpen)> _ring;

    /// <summary>Connections that wait (kernel: <c>sk_ack_backlog</c>).</summary>
    internal int Count => _ring.Count;

    internal void Add(TcpEndpoint child, RequestSock? fastOpen) => _ring.Add((child, fastOpen));

    internal bool TryTake(out TcpEndpoint child, out RequestSock? fastOpen)
    {
        var isThere = _ring.TryTake(out var first);
        (child, fastOpen) = first;
        return isThere;
    }
}
