namespace NetActors.Sockets;

/// <summary>
/// The open files of a process (kernel: <c>struct files_struct</c>): a new descriptor is always the lowest free number. The threads of a
/// process share it from whichever CPUs they run on.
/// </summary>
/// <param name="limit">Most descriptors (RLIMIT_NOFILE).</param>
internal sealed class FdTable(int limit = 1024)
{
    private const int FirstFree = 3; // standard input, output and error are open
    private const int Page = 64;
    private readonly SocketFile?[]?[] _pages = new SocketFile?[(limit + Page - 1) / Page][]; // pages stay where they are: others may look
    private int _next = FirstFree; // all below are taken (kernel: next_fd)

    /// <summary>The file of a descriptor; null when it is not open.</summary>
    public SocketFile? this[int fd] =>
        (uint)fd < (uint)limit && Volatile.Read(ref _pages[fd / Page]) is { } page ? Volatile.Read(ref page[fd % Page]) : null;

    /// <summary>Opens <paramref name="file"/> under the lowest number; -1 when there is none (EMFILE).</summary>
    public int Install(SocketFile file)
    {
        var from = Volatile.Read(ref _next);
        for (var fd = from; fd < limit; fd++)
        {
            if (Interlocked.CompareExchange(ref PageOf(fd)[fd % Page], file, null) is not null) continue;
            Interlocked.CompareExchange(ref _next, fd + 1, from); // unless a lower one was closed meanwhile
            file.Descriptors++;
            return fd;
        }

        return -1;
    }

    /// <summary>Whether a descriptor is free.</summary>
    public bool HasRoom()
    {
        for (var fd = Volatile.Read(ref _next); fd < limit; fd++)
        {
            if (this[fd] is null) return true;
        }

        return false;
    }

    /// <summary>Takes a descriptor away and answers its file; null when it was not open (EBADF).</summary>
    public SocketFile? Remove(int fd)
    {
        if ((uint)fd >= (uint)limit || Volatile.Read(ref _pages[fd / Page]) is not { } page) return null;
        var file = Interlocked.Exchange(ref page[fd % Page], null);
        if (file is null) return null;
        for (var next = Volatile.Read(ref _next); fd < next; next = Volatile.Read(ref _next))
        {
            if (Interlocked.CompareExchange(ref _next, fd, next) == next) break;
        }

        return file;
    }

    /// <summary>The number under which a file is open; -1 when it is not.</summary>
    public int Find(SocketFile file)
    {
        for (var fd = FirstFree; fd < limit; fd++)
        {
            if (ReferenceEquals(this[fd], file)) return fd;
        }

        return -1;
    }

    private SocketFile?[] PageOf(int fd)
    {
        ref var place = ref _pages[fd / Page];
        if (Volatile.Read(ref place) is { } page) return page;
        Interlocked.CompareExchange(ref place, new SocketFile?[Page], null);
        return place!;
    }
}
