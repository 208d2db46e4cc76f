namespace NetActors.Xdp;

/// <summary>AF_XDP sockets by the receive queue whose frames they get (<c>BPF_MAP_TYPE_XSKMAP</c>).</summary>
public sealed class XskMap(int entries)
{
    private readonly XskSocket?[] _sockets = new XskSocket?[entries];

    /// <summary>The sockets.</summary>
    public IEnumerable<XskSocket> Sockets => _sockets.OfType<XskSocket>();

    /// <summary>The socket of a queue; null for none.</summary>
    public XskSocket? this[int queue]
    {
        get => (uint)queue < (uint)_sockets.Length ? _sockets[queue] : null;
        set => _sockets[queue] = value;
    }
}
