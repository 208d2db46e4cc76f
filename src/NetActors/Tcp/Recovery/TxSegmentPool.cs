namespace NetActors.Tcp;

/// <summary>
/// Spare descriptors, shared by the connections of one CPU, so that sending allocates nothing once it runs and an idle connection holds
/// none (kernel: the slab cache of skbs).
/// </summary>
public sealed class TxSegmentPool
{
    private const int Limit = 65536;

    private TxSegment? _spare;
    private int _count;

    internal TxSegment Rent()
    {
        if (_spare is not { } segment) return new TxSegment();
        _spare = segment.Later;
        segment.Later = null;
        _count--;
        return segment;
    }

    internal void Return(TxSegment segment)
    {
        if (_count == Limit) return;
        (segment.Earlier, segment.Later, segment.IsListed) = (null, _spare, false);
        segment.Tags = SegmentTags.None;
        _spare = segment;
        _count++;
    }
}
