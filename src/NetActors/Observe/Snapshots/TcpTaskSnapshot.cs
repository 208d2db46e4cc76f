namespace NetActors.Observe;

/// <summary>A program over TCP: what the connections of all its threads came to.</summary>
public sealed record TcpTaskSnapshot
{
    /// <summary>Name of the task.</summary>
    public required string Name { get; init; }

    /// <summary>Its threads.</summary>
    public int Threads { get; init; }

    /// <summary>Connections that connect() made.</summary>
    public long Connected { get; init; }

    /// <summary>Connections that accept() answered.</summary>
    public long Accepted { get; init; }

    /// <summary>Calls of accept() that found nothing, since another thread had been quicker.</summary>
    public long AcceptedNothing { get; init; }

    /// <summary>Connections closed.</summary>
    public long Closed { get; init; }

    /// <summary>Connections, tried ones among them, that ended with an error.</summary>
    public long Failed { get; init; }

    /// <summary>Requests answered.</summary>
    public long Requests { get; init; }

    /// <summary>Bytes that sockets took.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes read from sockets.</summary>
    public long BytesReceived { get; init; }
}
