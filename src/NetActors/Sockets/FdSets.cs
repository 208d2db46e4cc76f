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

    private EpollEvent[] _entries = [];
    private PollEvents[] _wanted = [];
    private int _bytes; // of each set that are looked at

    /// <summary>FD_SETSIZE: bits of the C library's sets, which a program can set.</summary>
    public const int Size = 1024;

    /// <summary>Descriptors to be read; null for none. Holds the ready ones afterwards.</summary>
    public byte[]? Readable { get; set; }

    /// <summary>Descriptors to be written.</summary>
    public byte[]? Writable { get; set; }

    /// <summary>Descriptors with urgent data.</summary>
    public byte[]? Exceptional { get; set; }

    /// <summary>Turns the sets into the entries of a poll.</summary>
    /// <param name="nfds">Bits to look at.</param>
    /// <param name="files">The open files.</param>
    /// <param name="entries">A descriptor each, and -1 where there is none; used again for the next call.</param>
    /// <param name="wanted">What is wanted of each.</param>
    /// <returns>None; EINVAL for a negative number, EBADF for a descriptor that is not open.</returns>
    public Errno Begin(int nfds, FdTable files, out EpollEvent[] entries, out PollEvents[] wanted)
    {
        (entries, wanted) = ([], []);
        if (nfds < 0) return Errno.EINVAL;
        nfds = Math.Min(nfds, files.Capacity);
        _bytes = (nfds + 63) / 64 * 8;
        var count = 0;
        for (var fd = 0; fd < nfds; fd++)
        {
            var all = (Has(Readable, fd) ? Read : 0) | (Has(Writable, fd) ? Write : 0) | (Has(Exceptional, fd) ? Except : 0);
            if (all == PollEvents.None) continue;
            if (files[fd] is null) return Errno.EBADF;
            if (count == _entries.Length) Grow();
            (_entries[count], _wanted[count]) = (new EpollEvent(PollEvents.None, (ulong)fd), all);
            count++;
        }

        for (var i = count; i < _entries.Length; i++) (_entries[i], _wanted[i]) = (new EpollEvent(PollEvents.None, ulong.MaxValue), PollEvents.None);
        (entries, wanted) = (_entries, _wanted);
        return Errno.None;
    }

    /// <summary>Leaves the ready descriptors in the sets; how many bits that are. Words above the ones looked at stay as they were.</summary>
    public int End()
    {
        Clear(Readable);
        Clear(Writable);
        Clear(Exceptional);
        var bits = 0;
        for (var i = 0; i < _entries.Length && _wanted[i] != PollEvents.None; i++)
        {
            var (fd, happened, wanted) = ((int)_entries[i].Data, _entries[i].Events, _wanted[i]);
            if ((wanted & PollEvents.RdNorm) != 0 && (happened & Read) != 0) bits += Set(Readable!, fd); // a bit that only this set has
            if ((wanted & PollEvents.WrNorm) != 0 && (happened & Write) != 0) bits += Set(Writable!, fd);
            if ((wanted & PollEvents.Pri) != 0 && (happened & Except) != 0) bits += Set(Exceptional!, fd);
        }

        return bits;
    }

    private void Grow()
    {
        var size = Math.Max(16, _entries.Length * 2);
        Array.Resize(ref _entries, size);
        Array.Resize(ref _wanted, size);
    }

    private void Clear(byte[]? set) => set?.AsSpan(0, Math.Min(_bytes, set.Length)).Clear();

    private static bool Has(byte[]? set, int fd) => set is not null && fd >> 3 < set.Length && (set[fd >> 3] & (1 << (fd & 7))) != 0;

    private static int Set(byte[] set, int fd)
    {
        set[fd >> 3] |= (byte)(1 << (fd & 7));
        return 1;
    }
}
