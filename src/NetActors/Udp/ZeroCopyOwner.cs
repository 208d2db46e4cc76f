using NetActors.Buffers;

namespace NetActors.Udp;

/// <summary>
/// Pays for the packets of one send with MSG_ZEROCOPY, and tells the socket when the last of them is gone (kernel:
/// <c>struct ubuf_info_msgzc</c>, <c>msg_zerocopy_callback</c>).
/// </summary>
/// <param name="socket">The sender.</param>
/// <param name="key">Number of the send.</param>
/// <param name="count">How many sends it stands for: those corked into one datagram.</param>
/// <param name="isCopied">The device cannot send from the program's memory, so the bytes were copied.</param>
internal sealed class ZeroCopyOwner(DatagramSocket socket, uint key, uint count, bool isCopied) : IPacketCharge
{
    private int _users = 1; // the call itself

    /// <inheritdoc />
    public void Charge(SkBuff skb)
    {
        Interlocked.Increment(ref _users);
        socket.SendBuffer.Charge(skb);
        skb.SetOwner(this, skb.TrueSize);
    }

    /// <inheritdoc />
    public void OnFreed(int bytes)
    {
        socket.SendBuffer.OnFreed(bytes);
        Put();
    }

    /// <inheritdoc />
    public void OnPacedBelow()
    {
        // datagrams leave when the program sends them
    }

    /// <summary>The call, or a packet, needs the bytes no longer (kernel: <c>net_zcopy_put</c>).</summary>
    public void Put()
    {
        if (Interlocked.Decrement(ref _users) != 0) return;
        socket.ZeroCopy.End();
        socket.Tell(new UdpSocketProtocol.ZeroCopyDone(key, count, isCopied));
    }
}

/// <summary>Somebody who pays for packets on their way out, and for the pieces they are cut into.</summary>
internal interface IPacketCharge : ISkbOwner
{
    /// <summary>Pays for a packet until it is freed (kernel: <c>skb_set_owner_w</c>).</summary>
    void Charge(SkBuff skb);
}
