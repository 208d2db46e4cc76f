namespace NetActors.Script.Syntax;

/// <summary>What packet an ICMP message carries back.</summary>
public enum EchoedKind
{
    /// <summary>A TCP segment: <c>[1:1001(1000)]</c>, or nothing said.</summary>
    Tcp,

    /// <summary>A UDP datagram: <c>[udp (100)]</c>.</summary>
    Udp,

    /// <summary>No packet, but so many zero bytes: <c>[raw (64)]</c>, the ICMP header among them.</summary>
    Raw,
}

/// <summary>The packet that an ICMP message carries back.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sequence">Sequence number of a TCP segment, relative to the initial one.</param>
/// <param name="PayloadLength">Its payload in bytes.</param>
public sealed record EchoedSpec(EchoedKind Kind, uint Sequence, int PayloadLength)
{
    /// <summary>Nothing said: the header of a TCP segment at sequence number 0.</summary>
    public static EchoedSpec Unstated { get; } = new(EchoedKind.Tcp, 0, 0);
}
