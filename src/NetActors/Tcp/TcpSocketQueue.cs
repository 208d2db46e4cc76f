using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Ip;

namespace NetActors.Tcp;

/// <summary>
/// Packets of a socket's connection below it: when one is gone and the connection had stopped for it, the CPU that freed it calls the
/// socket (kernel: <c>tcp_wfree</c> and the per-CPU work behind it).
/// </summary>
internal sealed class TcpSocketQueue(TcpSocket socket, ushort ident) : TcpSmallQueue, ISkbOwner
{
    /// <summary>Numbers the connection's packets.</summary>
    public SocketIdent Ident { get; } = new(ident);

    /// <summary>SO_TIMESTAMPING of what it sends; null for none.</summary>
    public TcpTransmitStamps? Stamps { get; set; }

    /// <inheritdoc />
    public long FlowId => socket.Inode;

    /// <inheritdoc />
    public int TxQueueMapping { get; set; } = -1;

    /// <inheritdoc />
    public int RxQueueMapping { get; set; } = -1;

    /// <inheritdoc />
    public void OnFreed(int bytes)
    {
        if (!Release(bytes)) return;
        if (EmulatedCpu.Current is not null && socket is { HasActor: true, IsGone: false }) socket.Tell(TcpSocketProtocol.SmallQueue.Instance);
        else Answer(); // the next ACK will do
    }

    /// <inheritdoc />
    public void OnPacedBelow() => IsPacedBelow = true;
}
