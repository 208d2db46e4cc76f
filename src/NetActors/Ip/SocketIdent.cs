namespace NetActors.Ip;

/// <summary>The counter of a connected socket (kernel: <c>inet_sk(sk)-&gt;inet_id</c>).</summary>
public sealed class SocketIdent(ushort start)
{
    /// <summary>What the last packet bore.</summary>
    public ushort Last { get; set; } = start;
}
