namespace NetActors.Tcp;

/// <summary>Connections that wait for <c>accept</c>, in the order of their handshakes (kernel: <c>rskq_accept_head</c>).</summary>
internal sealed class AcceptQueue
{
    private (TcpEndpoint Child, RequestSock? FastOpen)[] _ring = new (TcpEndpoint, RequestSock?)[8];
    private int _head;

    /// <summary>Connections that wait (kernel: <c>sk_ack_backlog</c>).</summary>
    internal int Count { get; private set; }

    internal void Add(TcpEndpoint child, RequestSock? fastOpen)
    {
        if (Count == _ring.Length) Grow();
        _ring[(_head + Count++) & (_ring.Length - 1)] = (child, fastOpen);
    }

    internal bool TryTake(out TcpEndpoint child, out RequestSock? fastOpen)
    {
        (child, fastOpen) = (null!, null);
        if (Count == 0) return false;
        (child, fastOpen) = _ring[_head];
        _ring[_head] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return true;
    }

    private void Grow()
    {
        var larger = new (TcpEndpoint, RequestSock?)[_ring.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        (_ring, _head) = (larger, 0);
    }
}
