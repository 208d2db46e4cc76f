using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Ip;

namespace NetActors.Tcp;

/// <summary>
/// Packets of a socket's connection below it: when one is gone and the connection had stopped for it, the CPU that freed it calls the
/// socket (kernel: <c>tcp_wfree</c> and the per-CPU work behind it).
/// </summary>
internal sealed class TcpSocketQueue : TcpSmallQueue, ISkbOwner
{
    private readonly TcpSocket _socket;

    /// <param name="socket">Whose it is.</param>
    /// <param name="random">Where its packets' numbers and their hash begin.</param>
    /// <param name="hasTxHash">Its packets have a hash of their own: not in 3.10.</param>
    public TcpSocketQueue(TcpSocket socket, uint random, bool hasTxHash)
    {
        (_socket, Ident) = (socket, new SocketIdent((ushort)random));
        if (hasTxHash) TxHash = Time.TxHash.Of(random);
    }

    /// <summary>Numbers the connection's packets.</summary>
    public SocketIdent Ident { get; }

    /// <summary>SO_TIMESTAMPING of what it sends; null for none.</summary>
    public TcpTransmitStamps? Stamps { get; set; }

    /// <inheritdoc />
    public long FlowId => _socket.Inode;

    /// <inheritdoc />
    public int TxQueueMapping { get; set; } = -1;

    /// <inheritdoc />
    public int RxQueueMapping { get; set; } = -1;

    /// <summary>
    /// A packet may take another transmit queue than those before it: no payload of the connection waits below, or in 6.x all that was sent
    /// before is acknowledged, whether it is freed here or not (kernel: <c>ooo_okay</c>; specification section 7.1).
    /// </summary>
    public bool MayChangeQueue(KernelVersion kernel, bool hasUnacknowledged)
    {
        const int SmallestSkb = 577; // SKB_TRUESIZE(1)
        return kernel == KernelVersion.V310 ? Bytes == 0 : Bytes < SmallestSkb || !hasUnacknowledged;
    }

    /// <inheritdoc />
    public void OnFreed(int bytes)
    {
        if (!Release(bytes)) return;
        if (EmulatedCpu.Current is not null && _socket is { HasActor: true, IsGone: false }) _socket.Tell(TcpSocketProtocol.SmallQueue.Instance);
        else Answer(); // the next ACK will do
    }

    /// <inheritdoc />
    public void OnPacedBelow() => IsPacedBelow = true;
}
