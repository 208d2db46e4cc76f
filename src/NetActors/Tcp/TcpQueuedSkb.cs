namespace NetActors.Tcp;

/// <summary>What one sk_buff of the send queue holds and is charged for.</summary>
internal struct TcpQueuedSkb
{
    /// <summary>Number of its first byte not acknowledged.</summary>
    internal uint Seq;

    /// <summary>Number behind its last byte.</summary>
    internal uint EndSeq;

    /// <summary>Memory charged.</summary>
    internal int TrueSize;

    /// <summary>It ends a write.</summary>
    internal bool Push;

    /// <summary>Nothing may be appended (<c>eor</c>).</summary>
    internal bool IsEndOfRecord;
}
