namespace NetActors.Sockets;

/// <summary>A file whose pages are all in the page cache, from which <c>sendfile</c> sends (kernel: <c>struct address_space</c>).</summary>
/// <param name="length">Its length in bytes.</param>
/// <param name="read">Its bytes from an offset on: as many as asked for.</param>
internal sealed class PageCacheFile(long length, Func<long, int, ReadOnlyMemory<byte>> read)
{
    /// <summary>Bytes of a page.</summary>
    public const int PageBytes = 4096;

    /// <summary>Bytes that go through the pipe at a time (<c>PIPE_DEF_BUFFERS</c> pages).</summary>
    public const int PipeBytes = 16 * PageBytes;

    /// <summary>Its length in bytes.</summary>
    public long Length => length;

    /// <summary>The next bytes that go through the pipe: up to the end of the file, of the request and of the pipe's pages.</summary>
    /// <param name="offset">Where they begin.</param>
    /// <param name="count">How many are wanted.</param>
    public ReadOnlyMemory<byte> Splice(long offset, long count)
    {
        var room = PipeBytes - (int)(offset % PageBytes); // the first page may be a piece of one
        return read(offset, (int)Math.Min(Math.Min(count, room), Math.Max(0, length - offset)));
    }

    /// <summary>Pages that <paramref name="bytes"/> from <paramref name="offset"/> on lie in.</summary>
    public static int Pages(long offset, int bytes) => bytes == 0 ? 0 : (int)(((offset + bytes - 1) / PageBytes) - (offset / PageBytes)) + 1;
}
