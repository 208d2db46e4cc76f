namespace NetActors.Observe;

/// <summary>
/// Memory of a TCP socket, in bytes of truesize (kernel: <c>SO_MEMINFO</c>). No memory is kept ahead, so that <c>fwd_alloc</c> is always 0.
/// </summary>
/// <param name="RmemAlloc">Waits to be read (<c>sk_rmem_alloc</c>).</param>
/// <param name="RcvBuf">Bound of that (<c>sk_rcvbuf</c>).</param>
/// <param name="SndBuf">Bound of what waits to be acknowledged (<c>sk_sndbuf</c>).</param>
/// <param name="WmemQueued">Waits to be acknowledged (<c>sk_wmem_queued</c>).</param>
/// <param name="Drops">Segments dropped at the socket (<c>sk_drops</c>).</param>
public sealed record TcpMemorySnapshot(long RmemAlloc, long RcvBuf, long SndBuf, long WmemQueued, long Drops)
{
    /// <summary>In the host below the socket, not sent yet (<c>sk_wmem_alloc</c>).</summary>
    public long WmemAlloc { get; init; }
}
