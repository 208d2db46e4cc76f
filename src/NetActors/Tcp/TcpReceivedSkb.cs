namespace NetActors.Tcp;

/// <summary>What one sk_buff of the receive queue accounts for; its bytes are in the store.</summary>
internal struct TcpReceivedSkb
{
    /// <summary>Number of its first byte.</summary>
    internal uint Seq;

    /// <summary>Number behind its last byte.</summary>
    internal uint EndSeq;

    /// <summary>Memory charged to the socket.</summary>
    internal int TrueSize;

    /// <summary>Packets that were put together in it (at most <c>MAX_SKB_FRAGS</c>).</summary>
    internal int Frags;

    /// <summary>It ends with the peer's FIN, which <see cref="EndSeq"/> counts.</summary>
    internal bool Fin;

    /// <summary>Bytes and FIN.</summary>
    internal readonly int Length => (int)(EndSeq - Seq);
}
