namespace NetActors.Xdp;

/// <summary>
/// What a CPU's poll has redirected and has to hand over at its end (kernel: <c>bpf_net_context</c> with its flush lists). Decides in which
/// order; whoever polls does it, a step at a time.
/// </summary>
internal sealed class XdpFlushList
{
    private readonly List<XdpBulkQueue> _bulks = [];
    private readonly List<XskSocket> _sockets = [];

    /// <summary>There is nothing to hand over.</summary>
    public bool IsEmpty => _bulks.Count + _sockets.Count == 0;

    /// <summary>A collection got a frame.</summary>
    public void Add(XdpBulkQueue bulk)
    {
        if (!_bulks.Contains(bulk)) _bulks.Add(bulk);
    }

    /// <summary>A socket got a frame.</summary>
    public void Add(XskSocket socket)
    {
        if (!_sockets.Contains(socket)) _sockets.Add(socket);
    }

    /// <summary>The next collection to hand over, the last one added; null for none.</summary>
    public XdpBulkQueue? TakeBulk() => Take(_bulks);

    /// <summary>The next socket to tell; null for none.</summary>
    public XskSocket? TakeSocket() => Take(_sockets);

    private static T? Take<T>(List<T> list) where T : class
    {
        if (list.Count == 0) return null;
        var last = list[^1];
        list.RemoveAt(list.Count - 1);
        return last;
    }
}
