namespace NetActors.Tcp;

/// <summary>Where a listener writes what its effects speak of; one per CPU, used again and again.</summary>
public sealed class ListenOutput
{
    /// <summary>The segment to send.</summary>
    public TcpReply Reply;

    /// <summary>The handshake that is done.</summary>
    public AcceptedHandshake Handshake;
}
