namespace NetActors.Apps.Streams;

/// <summary>What the connections of one thread came to.</summary>
internal sealed class StreamCounters
{
    /// <summary>Connections that connect() made.</summary>
    public long Connected { get; set; }

    /// <summary>Connections that accept() answered.</summary>
    public long Accepted { get; set; }

    /// <summary>Times the thread was woken for a connection that another one took (the thundering herd).</summary>
    public long AcceptedNothing { get; set; }

    /// <summary>Connections closed.</summary>
    public long Closed { get; set; }

    /// <summary>Connections, tried ones among them, that ended with an error.</summary>
    public long Failed { get; set; }

    /// <summary>Requests answered: at the client once the answer is there, at the server once it is in the socket's buffer.</summary>
    public long Requests { get; set; }

    /// <summary>Bytes that went into sockets.</summary>
    public long BytesSent { get; set; }

    /// <summary>Bytes read from sockets.</summary>
    public long BytesReceived { get; set; }

    /// <summary>Connections open now.</summary>
    public long Open => Connected + Accepted - Closed;
}
