using System.Collections.Concurrent;

namespace NetActors.Tcp;

/// <summary>Pages for payload bytes, rented by send and receive buffers and given back, so that data in flow allocates nothing.</summary>
/// <param name="keep">Most pages kept for later.</param>
/// <param name="shared">Real time: connections on several CPUs rent at once.</param>
public sealed class TcpChunkPool(int keep = 16_384, bool shared = false)
{
    /// <summary>Bytes of a page.</summary>
    public const int ChunkBytes = 4096;

    private readonly Stack<byte[]> _free = new();
    private readonly ConcurrentQueue<byte[]>? _sharedFree = shared ? new ConcurrentQueue<byte[]>() : null;
    private int _outstanding;

    /// <summary>Pages rented; 0 when no connection holds data.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    internal byte[] Rent()
    {
        if (_sharedFree is not null)
        {
            Interlocked.Increment(ref _outstanding);
            return _sharedFree.TryDequeue(out var page) ? page : new byte[ChunkBytes];
        }

        _outstanding++;
        return _free.TryPop(out var chunk) ? chunk : new byte[ChunkBytes];
    }

    internal void Return(byte[] chunk)
    {
        if (_sharedFree is not null)
        {
            Interlocked.Decrement(ref _outstanding);
            if (_sharedFree.Count < keep) _sharedFree.Enqueue(chunk);
            return;
        }

        _outstanding--;
        if (_free.Count < keep) _free.Push(chunk);
    }
}
