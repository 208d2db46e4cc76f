namespace NetActors.Tcp;

/// <summary>
/// What a connection has of <see cref="TcpMemory"/> and does not use yet (kernel: <c>sk_forward_alloc</c>, <c>__sk_mem_schedule</c>,
/// <c>sk_mem_charge</c>, <c>sk_mem_uncharge</c>). It takes whole pages and gives them back as soon as it has one too many.
/// </summary>
/// <param name="context">What the namespace's connections share.</param>
internal sealed class TcpMemoryAccount(TcpContext context)
{
    private int _used;

    /// <summary>Bytes that it may still charge.</summary>
    internal int Forward { get; private set; }

    /// <summary>Makes sure that it has so many bytes for what comes. False when it may not get them.</summary>
    internal bool TryReceive(int bytes, int rmemAlloc) => TrySchedule(bytes, rmemAlloc, context.Sysctls.TcpRmem.Min);

    /// <summary>Makes sure that it has so many bytes for what is written. False when it may not get them.</summary>
    internal bool TrySend(int bytes, int wmemQueued) => TrySchedule(bytes, wmemQueued, context.Sysctls.TcpWmem.Min);

    /// <summary>Takes what is missing for so many bytes, whatever the limits say.</summary>
    internal void Force(int bytes)
    {
        if (bytes <= Forward) return;
        var pages = TcpMemory.PagesOf(bytes - Forward);
        context.Memory.Force(pages);
        Forward += pages << TcpMemory.PageShift;
    }

    /// <summary>Charges bytes, or gives them back.</summary>
    internal void Change(int bytes)
    {
        if (bytes > Forward) Force(bytes);
        (_used, Forward) = (_used + bytes, Forward - bytes);
        var pages = Forward >> TcpMemory.PageShift;
        if (bytes >= 0 || pages == 0) return;
        context.Memory.Give(pages);
        Forward -= pages << TcpMemory.PageShift;
    }

    /// <summary>The connection is over and holds nothing: gives the rest back.</summary>
    internal void Close()
    {
        var pages = (_used + Forward) >> TcpMemory.PageShift;
        if (_used != 0 || pages == 0) return;
        context.Memory.Give(pages);
        Forward = 0;
    }

    private bool TrySchedule(int bytes, int held, int least)
    {
        if (bytes <= Forward) return true;
        var pages = TcpMemory.PagesOf(bytes - Forward);
        if (!context.Memory.TryTake(pages, held, least, _used + Forward)) return false;
        Forward += pages << TcpMemory.PageShift;
        return true;
    }
}
