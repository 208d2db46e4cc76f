namespace NetActors.Ip;

/// <summary>The counter of a connected socket (kernel: <c>inet_sk(sk)-&gt;inet_id</c>).</summary>
public sealed class SocketIdent(ushort start)
{
    /// <summary>What the last packet bore.</summary>
    public ushort Last { get; private set; } = start;

    /// <summary>The identification of a packet that is to be cut into <paramref name="segments"/>, which count on from it.</summary>
    public ushort Take(int segments)
    {
        var first = (ushort)(Last + 1);
        Last = (ushort)(Last + segments);
        return first;
    }
}
