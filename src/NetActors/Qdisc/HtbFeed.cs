namespace NetActors.Qdisc;

/// <summary>
/// Classes in the order of their handles that take turns, and whose turn it is (kernel: <c>struct htb_prio</c>: an rb-tree, <c>ptr</c> and
/// <c>last_ptr_id</c>).
/// </summary>
internal sealed class HtbFeed
{
    private HtbClass[] _classes = new HtbClass[4];
    private int _turn = -1;
    private uint _lastId; // whose turn it was when it was taken out

    public int Count { get; private set; }

    /// <summary>Whose turn it is; null at the right end.</summary>
    public HtbClass? Current => _turn < 0 ? null : _classes[_turn];

    public void Add(HtbClass cl)
    {
        if (Count == _classes.Length) Array.Resize(ref _classes, Count * 2);
        var at = Count++;
        for (; at > 0 && _classes[at - 1].Id > cl.Id; at--) _classes[at] = _classes[at - 1];
        _classes[at] = cl;
        if (_turn >= at) _turn++;
    }

    /// <summary>Takes a class out of a row: its turn goes to the next (<c>htb_remove_class_from_row</c>).</summary>
    public void RemoveFromRow(HtbClass cl)
    {
        var at = Remove(cl);
        if (_turn > at) _turn--;
        else if (_turn == at && _turn == Count) _turn = -1;
    }

    /// <summary>Takes a class out of its parent's feed: its turn is remembered by its handle (<c>htb_deactivate_prios</c>).</summary>
    public void RemoveFromFeed(HtbClass cl)
    {
        var at = Remove(cl);
        if (_turn > at) _turn--;
        else if (_turn == at) (_turn, _lastId) = (-1, cl.Id);
    }

    /// <summary>Finds the turn again after it was lost with its class.</summary>
    public void Recover()
    {
        if (_turn < 0 && _lastId != 0)
        {
            for (var i = 0; i < Count && _turn < 0; i++)
            {
                if (_classes[i].Id >= _lastId) _turn = i;
            }
        }

        _lastId = 0;
    }

    /// <summary>The next; behind the last nobody has a turn.</summary>
    public void Advance() => _turn = _turn < 0 || _turn + 1 == Count ? -1 : _turn + 1;

    /// <summary>Begins anew at the first.</summary>
    public void Rewind() => _turn = Count > 0 ? 0 : -1;

    public void Clear()
    {
        Array.Clear(_classes);
        (Count, _turn, _lastId) = (0, -1, 0);
    }

    private int Remove(HtbClass cl)
    {
        var at = Array.IndexOf(_classes, cl, 0, Count);
        Array.Copy(_classes, at + 1, _classes, at, --Count - at);
        _classes[Count] = null!;
        return at;
    }
}
