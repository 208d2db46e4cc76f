namespace NetActors.Tcp;

/// <summary>What of accurate ECN does not work on a path (kernel: <c>accecn_fail_mode</c>).</summary>
[Flags]
internal enum TcpAccurateEcnFaults : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The bits of our header get lost (<c>TCP_ACCECN_ACE_FAIL_SEND</c>).</summary>
    BitsSent = 1,

    /// <summary>The bits of the peer's header get lost (<c>TCP_ACCECN_ACE_FAIL_RECV</c>).</summary>
    BitsReceived = 2,

    /// <summary>Our option gets lost (<c>TCP_ACCECN_OPT_FAIL_SEND</c>).</summary>
    OptionSent = 4,

    /// <summary>The peer's option gets lost or zeroed (<c>TCP_ACCECN_OPT_FAIL_RECV</c>).</summary>
    OptionReceived = 8,
}

/// <summary>What was seen of the peer's option (kernel: <c>saw_accecn_opt</c>).</summary>
internal enum TcpAccurateEcnSeen : byte
{
    /// <summary>Nothing.</summary>
    Nothing = 0,

    /// <summary>One without counters.</summary>
    Empty = 1,

    /// <summary>One with counters.</summary>
    Counters = 2,

    /// <summary>One that a middlebox has zeroed.</summary>
    Zeroed = 3,
}

/// <summary>What a finished handshake passes on of accurate ECN (kernel: the <c>accecn</c> fields of <c>struct tcp_request_sock</c>).</summary>
/// <param name="IsNegotiated">It is used.</param>
/// <param name="SynMark">How the peer's SYN was marked.</param>
/// <param name="Seen">What was seen of its option.</param>
/// <param name="Faults">What does not work.</param>
internal readonly record struct TcpAccurateEcnHandshake(
    bool IsNegotiated, EcnCodepoint SynMark, TcpAccurateEcnSeen Seen, TcpAccurateEcnFaults Faults);
