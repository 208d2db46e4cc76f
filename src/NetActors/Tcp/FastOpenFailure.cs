namespace NetActors.Tcp;

/// <summary>Why a client's Fast Open did not save a round trip (kernel: <c>enum tcp_fastopen_client_fail</c>).</summary>
public enum FastOpenFailure : byte
{
    /// <summary>It did, or was not tried.</summary>
    None,

    /// <summary>No cookie of the server is known (<c>TFO_COOKIE_UNAVAILABLE</c>).</summary>
    CookieUnavailable,

    /// <summary>The SYN-ACK did not acknowledge the data (<c>TFO_DATA_NOT_ACKED</c>).</summary>
    DataNotAcked,

    /// <summary>The SYN had to be sent again (<c>TFO_SYN_RETRANSMITTED</c>).</summary>
    SynRetransmitted,
}
