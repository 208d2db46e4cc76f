namespace NetActors.Softirq;

/// <summary>A first-in-first-out list of NAPI instances, linked through them (kernel: <c>softnet_data.poll_list</c>).</summary>
internal struct NapiList
{
    private NapiInstance? _first;
    private NapiInstance? _last;

    public readonly bool IsEmpty => _first is null;

    public readonly NapiInstance? First => _first;

    public void Append(NapiInstance napi)
    {
        napi.Next = null;
        if (_last is null) _first = napi;
        else _last.Next = napi;
        _last = napi;
    }

    public NapiInstance TakeFirst()
    {
        var napi = _first!;
        _first = napi.Next;
        if (_first is null) _last = null;
        napi.Next = null;
        return napi;
    }

    /// <summary>Appends all of <paramref name="other"/> and empties it (kernel: <c>list_splice_tail_init</c>).</summary>
    public void Splice(ref NapiList other)
    {
        if (other._first is null) return;
        if (_last is null) _first = other._first;
        else _last.Next = other._first;
        _last = other._last;
        other = default;
    }
}
