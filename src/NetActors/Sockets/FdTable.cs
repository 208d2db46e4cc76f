namespace NetActors.Sockets;

/// <summary>
/// The open files of a process (kernel: <c>struct files_struct</c>): a new descriptor is always the lowest free number. The threads of a
/// process share it from whichever CPUs they run on.
/// </summary>
/// <param name="limit">Most descriptors (RLIMIT_NOFILE).</param>
internal sealed class FdTable(int limit = FdTable.DefaultLimit)
{
    /// <summary>RLIMIT_NOFILE that processes begin with.</summary>
    public const int DefaultLimit = 1024;

    private const int MostDescriptors = 1 << 20; // fs.nr_open
    private const int FirstFree = 3; // standard input, output and error are open
    private const int Page = 64;
    private SocketFile?[]?[] _pages = new SocketFile?[(limit + Page - 1) / Page][]; // pages stay where they are: others may look
    private int _limit = limit;
    private int _highest = -1;
    private int _users;
    private int _next = FirstFree; // all below are taken (kernel: next_fd)

    /// <summary>Most descriptors (RLIMIT_NOFILE).</summary>
    public int Limit => _limit;

    /// <summary>Numbers that the table has room for now, a power of two (kernel: <c>fdt->max_fds</c>).</summary>
    public int Capacity => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(Page, _highest + 1));

    /// <summary>The file of a descriptor; null when it is not open.</summary>
    public SocketFile? this[int fd] =>
        (uint)fd / Page < (uint)_pages.Length && Volatile.Read(ref _pages[fd / Page]) is { } page ? Volatile.Read(ref page[fd % Page]) : null;

    /// <summary>
    /// Sets RLIMIT_NOFILE, before other CPUs use the table; what is open above it stays open (kernel: <c>do_prlimit</c>).
    /// </summary>
    /// <returns>None; EINVAL for a negative number, EPERM above <c>fs.nr_open</c>.</returns>
    public Errno SetLimit(int most)
    {
        if (most < 0) return Errno.EINVAL;
        if (most > MostDescriptors) return Errno.EPERM;
        if ((most + Page - 1) / Page > _pages.Length) Array.Resize(ref _pages, (most + Page - 1) / Page);
        _limit = most;
        return Errno.None;
    }

    /// <summary>A thread of the process begins.</summary>
    public void Join() => Interlocked.Increment(ref _users);

    /// <summary>A thread ends. True for the last: its files are to be closed (kernel: <c>put_files_struct</c>).</summary>
    public bool Leave() => Interlocked.Decrement(ref _users) == 0;

    /// <summary>Takes any open file away; null when there is none left (kernel: <c>close_files</c>).</summary>
    public SocketFile? RemoveAny()
    {
        for (var fd = 0; fd <= _highest; fd++)
        {
            if (Remove(fd) is { } file) return file;
        }

        return null;
    }

    /// <summary>Opens <paramref name="file"/> under the lowest number; -1 when there is none (EMFILE).</summary>
    public int Install(SocketFile file)
    {
        var from = Volatile.Read(ref _next);
        for (var fd = from; fd < _limit; fd++)
        {
            if (Interlocked.CompareExchange(ref PageOf(fd)[fd % Page], file, null) is not null) continue;
            Interlocked.CompareExchange(ref _next, fd + 1, from); // unless a lower one was closed meanwhile
            for (var highest = Volatile.Read(ref _highest); fd > highest; highest = Volatile.Read(ref _highest))
            {
                if (Interlocked.CompareExchange(ref _highest, fd, highest) == highest) break;
            }

            file.Descriptors++;
            return fd;
        }

        return -1;
    }

    /// <summary>Whether a descriptor is free.</summary>
    public bool HasRoom()
    {
        for (var fd = Volatile.Read(ref _next); fd < _limit; fd++)
        {
            if (this[fd] is null) return true;
        }

        return false;
    }

    /// <summary>Takes a descriptor away and answers its file; null when it was not open (EBADF).</summary>
    public SocketFile? Remove(int fd)
    {
        if ((uint)fd / Page >= (uint)_pages.Length || Volatile.Read(ref _pages[fd / Page]) is not { } page) return null;
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
        for (var fd = FirstFree; fd <= _highest; fd++)
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
