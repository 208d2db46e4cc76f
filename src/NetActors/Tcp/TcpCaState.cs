namespace NetActors.Tcp;

/// <summary>Where the sender's recovery from loss stands (kernel: <c>enum tcp_ca_state</c>).</summary>
public enum TcpCaState
{
    /// <summary>Nothing is wrong.</summary>
    Open = 0,

    /// <summary>Duplicate or selective acknowledgements came, but no loss is proven.</summary>
    Disorder = 1,

    /// <summary>The window is being reduced because of ECN or a local queue that is full.</summary>
    CWR = 2,

    /// <summary>Loss was found by acknowledgements; lost segments are being sent again.</summary>
    Recovery = 3,

    /// <summary>The retransmission timer ran out, or the path's MTU shrank.</summary>
    Loss = 4,
}
