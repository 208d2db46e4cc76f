namespace NetActors.Sockets;

/// <summary>How many files a host has open, and may have (kernel: <c>files_stat</c>, <c>alloc_empty_file</c>, <c>fs.file-max</c>).</summary>
/// <param name="most">Most files.</param>
internal sealed class OpenFiles(long most)
{
    private long _count;

    /// <summary>Files open (<c>fs.file-nr</c>, first number).</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Most files (<c>fs.file-max</c>).</summary>
    public long Most => most;

    /// <summary>Opens a file. False when there are too many (ENFILE). Programs count as ones without CAP_SYS_ADMIN, which Linux lets pass.</summary>
    public bool TryOpen(SocketFile file)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        file.IsCounted = true;
        return true;
    }

    /// <summary>The last descriptor of a file is closed; nothing for one that was not opened here.</summary>
    public void Close(SocketFile file)
    {
        if (!file.IsCounted) return;
        file.IsCounted = false;
        Interlocked.Decrement(ref _count);
    }
}
