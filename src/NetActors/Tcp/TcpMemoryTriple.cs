namespace NetActors.Tcp;

/// <summary>The three numbers of <c>tcp_rmem</c> and <c>tcp_wmem</c>, in bytes of truesize.</summary>
/// <param name="Min">What a socket keeps under memory pressure.</param>
/// <param name="Default">What it begins with.</param>
/// <param name="Max">What autotuning may raise it to.</param>
public readonly record struct TcpMemoryTriple(int Min, int Default, int Max);
