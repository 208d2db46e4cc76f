namespace NetActors.Observe;

/// <summary>
/// Memory of a TCP socket, in bytes of truesize (kernel: <c>SO_MEMINFO</c>). What is below the socket is not charged to it here, and no
/// memory is kept ahead, so that <c>wmem_alloc</c> and <c>fwd_alloc</c> are always 0.
/// </summary>
/// <param name="RmemAlloc">Waits to be read (<c>sk_rmem_alloc</c>).</param>
/// <param name="RcvBuf">Bound of that (<c>sk_rcvbuf</c>).</param>
/// <param name="SndBuf">Bound of what waits to be acknowledged (<c>sk_sndbuf</c>).</param>
/// <param name="WmemQueued">Waits to be acknowledged (<c>sk_wmem_queued</c>).</param>
/// <param name="Drops">Segments dropped at the socket (<c>sk_drops</c>).</param>
public sealed record TcpMemorySnapshot(long RmemAlloc, long RcvBuf, long SndBuf, long WmemQueued, long Drops);
