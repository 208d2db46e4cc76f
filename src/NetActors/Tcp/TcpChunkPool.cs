namespace NetActors.Tcp;

/// <summary>Pages for payload bytes, rented by send and receive buffers and given back, so that data in flow allocates nothing.</summary>
/// <param name="keep">Most pages kept for later.</param>
public sealed class TcpChunkPool(int keep = 16_384)
{
    /// <summary>Bytes of a page.</summary>
    public const int ChunkBytes = 4096;

    private readonly Stack<byte[]> _free = new();

    /// <summary>Pages rented; 0 when no connection holds data.</summary>
    public int Outstanding { get; private set; }

    internal byte[] Rent()
    {
        Outstanding++;
        return _free.TryPop(out var chunk) ? chunk : new byte[ChunkBytes];
    }

    internal void Return(byte[] chunk)
    {
        Outstanding--;
        if (_free.Count < keep) _free.Push(chunk);
    }
}
