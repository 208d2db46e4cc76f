namespace NetActors.Script.Code;

/// <summary>The names that code may use: those of <c>struct tcp_info</c>, constants, and what blocks before it have assigned.</summary>
internal sealed class CodeNames
{
    /// <summary>Constants (packetdrill: <c>write_symbols</c>), with all states and options that Linux has.</summary>
    public static readonly (string Name, int Value)[] Constants =
    [
        ("TCP_ESTABLISHED", 1), ("TCP_SYN_SENT", 2), ("TCP_SYN_RECV", 3), ("TCP_FIN_WAIT1", 4), ("TCP_FIN_WAIT2", 5), ("TCP_TIME_WAIT", 6),
        ("TCP_CLOSE", 7), ("TCP_CLOSE_WAIT", 8), ("TCP_LAST_ACK", 9), ("TCP_LISTEN", 10), ("TCP_CLOSING", 11), ("TCP_NEW_SYN_RECV", 12),
        ("TCP_CA_Open", 0), ("TCP_CA_Disorder", 1), ("TCP_CA_CWR", 2), ("TCP_CA_Recovery", 3), ("TCP_CA_Loss", 4),
        ("TCPI_OPT_TIMESTAMPS", 1), ("TCPI_OPT_SACK", 2), ("TCPI_OPT_WSCALE", 4), ("TCPI_OPT_ECN", 8), ("TCPI_OPT_ECN_SEEN", 16),
        ("TCPI_OPT_SYN_DATA", 32), ("TCPI_OPT_USEC_TS", 64), ("TCPI_OPT_TFO_CHILD", 128),
    ];

    private readonly HashSet<string> _known = [.. Constants.Select(static constant => constant.Name), .. TcpInfoFields.Names];
    private readonly HashSet<string> _assigned = [];

    /// <summary>All names known so far, in order.</summary>
    public IEnumerable<string> All => _known.Order(StringComparer.Ordinal);

    /// <summary>True when code may use the name.</summary>
    public bool Contains(string name) => _known.Contains(name);

    /// <summary>True when a block has assigned the name.</summary>
    public bool IsAssigned(string name) => _assigned.Contains(name);

    /// <summary>From here on the name is known.</summary>
    public void Assign(string name)
    {
        _known.Add(name);
        _assigned.Add(name);
    }
}
