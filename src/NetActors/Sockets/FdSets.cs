namespace NetActors.Sockets;

/// <summary>
/// The three sets of <c>select()</c> and the poll that they stand for (kernel: <c>core_sys_select</c>, <c>do_select</c>). A set is as many bits
/// as the program gives, FD_SETSIZE (1024) by the C library's; the kernel looks at the first <c>nfds</c> of them, and at none above the
/// process's table.
/// </summary>
internal sealed class FdSets
{
    private const PollEvents Read = PollEvents.RdNorm | PollEvents.RdBand | PollEvents.In | PollEvents.Hup | PollEvents.Err | PollEvents.Nval; // POLLIN_SET
    private const PollEvents Write = PollEvents.WrBand | PollEvents.WrNorm | PollEvents.Out | PollEvents.Err | PollEvents.Nval; // POLLOUT_SET
    private const PollEvents Except = PollEvents.Pri | PollEvents.Nval; // POLLEX_SET

    private int _bytes; // of each set that are looked at

    /// <summary>Descriptors to be read; null for none. Holds the ready ones afterwards.</summary>
    public byte[]? Readable { get; set; }

    /// <summary>Descriptors to be written.</summary>
    public byte[]? Writable { get; set; }

    /// <summary>Descriptors with urgent data.</summary>
    public byte[]? Exceptional { get; set; }

    /// <summary>Turns the sets into the entries of a poll.</summary>
    /// <param name="nfds">Bits to look at.</param>
    /// <param name="files">The open files.</param>
    /// <param name="entries">A descriptor each.</param>
    /// <param name="wanted">What is wanted of each.</param>
    /// <returns>None; EINVAL for a negative number, EBADF for a descriptor that is not open.</returns>
    public Errno Begin(int nfds, FdTable files, out EpollEvent[] entries, out PollEvents[] wanted)
    {
        (entries, wanted) = ([], []);
        if (nfds < 0) return Errno.EINVAL;
        nfds = Math.Min(nfds, files.Capacity);
        _bytes = (nfds + 63) / 64 * 8;
        var fds = new List<EpollEvent>();
        var events = new List<PollEvents>();
        for (var fd = 0; fd < nfds; fd++)
        {
            var all = (Has(Readable, fd) ? Read : 0) | (Has(Writable, fd) ? Write : 0) | (Has(Exceptional, fd) ? Except : 0);
            if (all == PollEvents.None) continue;
            if (files[fd] is null) return Errno.EBADF;
            fds.Add(new EpollEvent(PollEvents.None, (ulong)fd));
            events.Add(all);
        }

        (entries, wanted) = ([.. fds], [.. events]);
        return Errno.None;
    }

    /// <summary>Leaves the ready descriptors in the sets; how many bits that are.</summary>
    public int End(ReadOnlySpan<EpollEvent> entries)
    {
        var bits = 0;
        var (readable, writable, exceptional) = (Empty(Readable), Empty(Writable), Empty(Exceptional));
        foreach (var entry in entries)
        {
            var fd = (int)entry.Data;
            if (Has(Readable, fd) && (entry.Events & Read) != 0) bits += Set(readable!, fd);
            if (Has(Writable, fd) && (entry.Events & Write) != 0) bits += Set(writable!, fd);
            if (Has(Exceptional, fd) && (entry.Events & Except) != 0) bits += Set(exceptional!, fd);
        }

        (Readable, Writable, Exceptional) = (readable, writable, exceptional);
        return bits;
    }

    /// <summary>What comes back: words above the ones looked at stay as they were.</summary>
    private byte[]? Empty(byte[]? set)
    {
        if (set is null) return null;
        var after = set.ToArray();
        after.AsSpan(0, Math.Min(_bytes, after.Length)).Clear();
        return after;
    }

    private static bool Has(byte[]? set, int fd) => set is not null && fd >> 3 < set.Length && (set[fd >> 3] & (1 << (fd & 7))) != 0;

    private static int Set(byte[] set, int fd)
    {
        set[fd >> 3] |= (byte)(1 << (fd & 7));
        return 1;
    }
}
