namespace NetActors.Tcp;

/// <summary>
/// Holds a local port: a socket, or what is left of one in TIME_WAIT (kernel: who is in <c>inet_bind2_bucket</c>'s owners).
/// </summary>
public abstract class BoundSock : SockCommon
{
    /// <summary>SO_REUSEADDR (kernel: <c>sk_reuse</c>, <c>tw_reuse</c>).</summary>
    public bool ReuseAddress { get; set; }

    /// <summary>SO_REUSEPORT (kernel: <c>sk_reuseport</c>, <c>tw_reuseport</c>).</summary>
    public bool ReusePort { get; set; }

    /// <summary>Who owns the socket: only one user's sockets share a port by SO_REUSEPORT.</summary>
    public int Uid { get; set; }

    /// <summary>The port was chosen by <c>connect</c>, not given to or by <c>bind</c> (kernel: <c>SOCK_CONNECT_BIND</c>).</summary>
    public bool IsConnectBound { get; internal set; }

    /// <summary>Holds a port in the bind table.</summary>
    public bool IsBound => Bucket is not null;

    internal Bind2Bucket? Bucket { get; set; }

    internal BoundSock? BindNext { get; set; }

    internal BoundSock? BindPrevious { get; set; }
}
