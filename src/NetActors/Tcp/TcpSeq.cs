namespace NetActors.Tcp;

/// <summary>Compares sequence numbers, which wrap around (RFC 9293 section 3.4; kernel: <c>before</c>, <c>after</c>, <c>between</c>).</summary>
public static class TcpSeq
{
    /// <summary>True when <paramref name="a"/> comes before <paramref name="b"/>.</summary>
    public static bool Before(uint a, uint b) => (int)(a - b) < 0;

    /// <summary>True when <paramref name="a"/> comes after <paramref name="b"/>.</summary>
    public static bool After(uint a, uint b) => Before(b, a);

    /// <summary>True when <paramref name="seq"/> is from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public static bool Between(uint seq, uint low, uint high) => high - low >= seq - low;
}
