namespace NetActors.Buffers;

/// <summary>
/// The part of a packet that its clones share: the bytes, further fragments, segmentation (kernel: <c>struct skb_shared_info</c>).
/// </summary>
public sealed class SkbSharedInfo
{
    /// <summary>Fragments beside the linear part that one packet may have (kernel: <c>MAX_SKB_FRAGS</c>).</summary>
    public const int MaxFrags = 17;

    private readonly SkbFrag[] _frags = new SkbFrag[MaxFrags];
    private int _dataRefs;
    private SkBuff? _lastChained;

    internal SkbSharedInfo(SkBuff owner, int capacityBytes) => (Owner, Head) = (owner, new byte[capacityBytes]);

    /// <summary>The packet that brought the bytes and takes them home.</summary>
    internal SkBuff Owner { get; }

    /// <summary>The linear buffer with its headroom.</summary>
    public byte[] Head { get; }

    /// <summary>How many entries of <see cref="Frags"/> are in use.</summary>
    public int NrFrags { get; private set; }

    /// <summary>Payload bytes a segment, 0 when the packet is not to be segmented (kernel: <c>gso_size</c>).</summary>
    public ushort GsoSize { get; set; }

    /// <summary>Segments the packet stands for (kernel: <c>gso_segs</c>).</summary>
    public ushort GsoSegs { get; set; }

    /// <summary>Its segments bear one IP identification (kernel: <c>SKB_GSO_TCP_FIXEDID</c>), which cards do not make without being asked.</summary>
    public bool GsoFixedId { get; set; }

    /// <summary>Its flags hold the counter of accurate ECN, so that each segment keeps them (kernel: <c>SKB_GSO_TCP_ACCECN</c>).</summary>
    public bool GsoAccurateEcn { get; set; }

    /// <summary>LRO made it: what its segments were is not known any more (kernel: <c>gso_size</c> without a <c>gso_type</c>).</summary>
    public bool IsLro { get; set; }

    /// <summary>The fragments, in order.</summary>
    public ReadOnlySpan<SkbFrag> Frags => _frags.AsSpan(0, NrFrags);

    /// <summary>The first of the packets whose bytes follow, linked by <see cref="SkBuff.Next"/> (kernel: <c>frag_list</c>).</summary>
    internal SkBuff? FragList { get; private set; }

    /// <summary>Bytes of <see cref="FragList"/>.</summary>
    internal int FragListLength { get; private set; }

    /// <summary>Appends all bytes of a packet, which is freed with this one.</summary>
    internal void Chain(SkBuff skb)
    {
        if (_lastChained is null) FragList = skb;
        else _lastChained.Next = skb;
        _lastChained = skb;
        FragListLength += skb.Length;
    }

    /// <summary>Packets that show the bytes: the original, until it is freed, and its clones (kernel: <c>dataref</c>).</summary>
    internal int DataRefs => Volatile.Read(ref _dataRefs);

    /// <summary>Adds a fragment. False when all <see cref="MaxFrags"/> are taken.</summary>
    public bool TryAddFrag(SkbFrag frag)
    {
        if (NrFrags == MaxFrags) return false;
        _frags[NrFrags++] = frag;
        return true;
    }

    /// <summary>The original goes out: nobody else can see it yet.</summary>
    internal void Begin() => _dataRefs = 1;

    internal void Take() => Interlocked.Increment(ref _dataRefs);

    /// <summary>True when nobody holds the bytes any more.</summary>
    internal bool Release()
    {
        if (Volatile.Read(ref _dataRefs) == 1) _dataRefs = 0;
        else if (Interlocked.Decrement(ref _dataRefs) != 0) return false;
        if (NrFrags > 0)
        {
            Array.Clear(_frags, 0, NrFrags);
            NrFrags = 0;
        }

        (GsoSize, GsoSegs, GsoFixedId, GsoAccurateEcn, IsLro) = (0, 0, false, false, false);
        if (FragList is not null) FreeFragList();
        return true;
    }

    private void FreeFragList()
    {
        var next = FragList;
        (FragList, FragListLength, _lastChained) = (null, 0, null);
        while (next is not null)
        {
            var skb = next;
            next = skb.Next;
            skb.Next = null;
            skb.Free(SkbDropReason.CONSUMED);
        }
    }
}

/// <summary>A piece of a packet outside its linear part (kernel: <c>skb_frag_t</c>).</summary>
/// <param name="Page">The bytes it lies in.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How many bytes it has.</param>
public readonly record struct SkbFrag(byte[] Page, int Offset, int Length)
{
    /// <summary>The fragment's bytes.</summary>
    public ReadOnlySpan<byte> Span => Page.AsSpan(Offset, Length);
}
