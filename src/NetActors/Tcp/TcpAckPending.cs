namespace NetActors.Tcp;

/// <summary>Why an ACK is owed (kernel: <c>enum inet_csk_ack_state_t</c>).</summary>
[Flags]
internal enum TcpAckPending : byte
{
    /// <summary>None is.</summary>
    None = 0,

    /// <summary>Data came.</summary>
    Scheduled = 1,

    /// <summary>The delayed-ACK timer runs.</summary>
    Timer = 2,

    /// <summary>A small segment came, so the sender may wait for us.</summary>
    Pushed = 4,

    /// <summary>A second one came.</summary>
    Pushed2 = 8,

    /// <summary>At once.</summary>
    Now = 16,

    /// <summary>At once and with a closed window: there was no memory for the data.</summary>
    NoMemory = 32,
}
