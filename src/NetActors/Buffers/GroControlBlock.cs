namespace NetActors.Buffers;

/// <summary>What receive offload notes on a packet while it looks at it or holds it (kernel: <c>struct napi_gro_cb</c>).</summary>
internal struct GroControlBlock
{
    /// <summary>The jiffy in which it was held.</summary>
    public long Age;

    /// <summary>Packets that it stands for.</summary>
    public int Count;

    /// <summary>Bytes from the network header to the payload (kernel: <c>data_offset</c>).</summary>
    public int DataOffset;

    /// <summary>Page fragments of the packet that the last one went to, which decides what the next is charged for.</summary>
    public int Frags;

    /// <summary>It may not be held or merged.</summary>
    public bool Flush;

    /// <summary>Held: the packet at hand may belong to it. At hand: it was merged.</summary>
    public bool SameFlow;

    /// <summary>It is merged as LRO does.</summary>
    public bool IsLossy;

    /// <summary>Every packet of it bears the same IP identification.</summary>
    public bool IpFixedId;
}
