namespace NetActors.Tcp;

/// <content>Lists for people (kernel: <c>tcp_seek_last_pos</c>, net/ipv4/tcp_ipv4.c).</content>
public sealed partial class InetHashTables
{
    /// <summary>
    /// All entries in the order of /proc/net/tcp: listeners by slot, then connections, half-open ones and TIME_WAIT by slot. Nothing may
    /// change while it is read.
    /// </summary>
    public IEnumerable<SockCommon> Walk()
    {
        foreach (var head in _listeners)
        {
            for (var sk = head; sk is not null; sk = sk.ListenNext) yield return sk;
        }

        foreach (var head in _established)
        {
            for (var sk = head; sk is not null; sk = sk.EstablishedNext) yield return sk;
        }
    }
}
