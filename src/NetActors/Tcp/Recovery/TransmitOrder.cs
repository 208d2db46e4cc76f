namespace NetActors.Tcp;

/// <summary>
/// Segments in the order in which they last left (kernel: <c>tsorted_sent_queue</c>), which is what RACK looks at: those that arrived or
/// are taken for lost are not in it.
/// </summary>
internal struct TransmitOrder
{
    /// <summary>The segment that left first; null when there is none.</summary>
    public TxSegment? First { readonly get; private set; }

    private TxSegment? _last;

    /// <summary>It left just now (kernel: <c>list_move_tail</c>).</summary>
    public void MoveToEnd(TxSegment segment)
    {
        Remove(segment);
        segment.Earlier = _last;
        if (_last is null) First = segment;
        else _last.Later = segment;
        _last = segment;
        segment.IsListed = true;
    }

    /// <summary>Puts <paramref name="part"/>, cut off <paramref name="segment"/>, behind it if that is in the order.</summary>
    public void AddBehind(TxSegment segment, TxSegment part)
    {
        if (!segment.IsListed) return;
        (part.Earlier, part.Later, part.IsListed) = (segment, segment.Later, true);
        if (segment.Later is null) _last = part;
        else segment.Later.Earlier = part;
        segment.Later = part;
    }

    /// <summary>Takes it out, if it is in.</summary>
    public void Remove(TxSegment segment)
    {
        if (!segment.IsListed) return;
        if (segment.Earlier is null) First = segment.Later;
        else segment.Earlier.Later = segment.Later;
        if (segment.Later is null) _last = segment.Earlier;
        else segment.Later.Earlier = segment.Earlier;
        (segment.Earlier, segment.Later, segment.IsListed) = (null, null, false);
    }
}
