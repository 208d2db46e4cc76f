namespace NetActors.Nic;

/// <summary>A first-in-first-out list of qdiscs to be run, linked through them (kernel: <c>softnet_data.output_queue</c>).</summary>
internal struct QdiscList
{
    private QdiscRunner? _first;
    private QdiscRunner? _last;

    public void Enqueue(QdiscRunner runner)
    {
        runner.Next = null;
        if (_last is null) _first = runner;
        else _last.Next = runner;
        _last = runner;
    }

    /// <summary>Takes the first; null when empty.</summary>
    public QdiscRunner? TakeFirst()
    {
        if (_first is not { } runner) return null;
        _first = runner.Next;
        if (_first is null) _last = null;
        runner.Next = null;
        return runner;
    }

    /// <summary>Takes all.</summary>
    public QdiscList TakeAll()
    {
        var all = this;
        this = default;
        return all;
    }
}
