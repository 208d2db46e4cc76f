namespace NetActors.Sockets;

/// <summary>
/// The open files of a process (kernel: <c>struct files_struct</c>): a new descriptor is always the lowest free number. The threads of a
/// process share it from whichever CPUs they run on.
/// </summary>
/// <param name="limit">Most descriptors (RLIMIT_NOFILE).</param>
internal sealed class FdTable(int limit = 1024)
{
    private const int FirstFree = 3; // standard input, output and error are open
    private SocketFile?[] _files = new SocketFile?[Math.Min(limit, 64)];

    /// <summary>The file of a descriptor; null when it is not open.</summary>
    public SocketFile? this[int fd]
    {
        get
        {
            var files = Volatile.Read(ref _files);
            return (uint)fd < (uint)files.Length ? Volatile.Read(ref files[fd]) : null;
        }
    }

    /// <summary>Opens <paramref name="file"/> under the lowest number; -1 when there is none (EMFILE).</summary>
    public int Install(SocketFile file)
    {
        for (var fd = FirstFree; fd < limit; fd++)
        {
            if (fd >= _files.Length) Grow();
            if (Interlocked.CompareExchange(ref _files[fd], file, null) is not null) continue;
            file.Descriptors++;
            return fd;
        }

        return -1;
    }

    /// <summary>Takes a descriptor away and answers its file; null when it was not open (EBADF).</summary>
    public SocketFile? Remove(int fd) => (uint)fd < (uint)_files.Length ? Interlocked.Exchange(ref _files[fd], null) : null;

    /// <summary>The number under which a file is open; -1 when it is not.</summary>
    public int Find(SocketFile file) => Array.IndexOf(_files, file);

    private void Grow() => Array.Resize(ref _files, Math.Min(limit, _files.Length * 2));
}
