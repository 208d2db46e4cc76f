using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Memory of all TCP sockets together, in pages of 4096 bytes (kernel: <c>tcp_memory_allocated</c>, <c>net.ipv4.tcp_mem</c>,
/// <c>tcp_memory_pressure</c>, <c>__sk_mem_raise_allocated</c>). In real time several CPUs take at once.
/// </summary>
/// <param name="context">Whose settings and counters hold.</param>
public sealed class TcpMemory(TcpContext context)
{
    internal const int PageShift = 12;
    private long _pages;
    private long _sockets;
    private long _since; // when the pressure began, in nanoseconds; 0 without (tcp_memory_pressure)

    /// <summary>Pages taken.</summary>
    public long AllocatedPages => Volatile.Read(ref _pages);

    /// <summary>Above the second limit, until it is below the first again.</summary>
    public bool IsUnderPressure => Volatile.Read(ref _since) != 0;

    /// <summary>When the connection at hand looked at the clock: for how long pressure lasts.</summary>
    internal KernelTime Now { get; set; }

    /// <summary>Sockets that share the memory (kernel: <c>tcp_sockets_allocated</c>).</summary>
    internal void AddSockets(int change) => Interlocked.Add(ref _sockets, change);

    /// <summary>Takes pages. False when a socket may not have them.</summary>
    /// <param name="pages">How many.</param>
    /// <param name="held">Bytes that the socket holds in the direction that it wants them for.</param>
    /// <param name="least">What it may hold under pressure (first number of <c>tcp_rmem</c> or <c>tcp_wmem</c>).</param>
    /// <param name="total">Bytes that it holds altogether.</param>
    internal bool TryTake(int pages, int held, int least, int total)
    {
        var limits = context.Sysctls.TcpMem;
        var allocated = Interlocked.Add(ref _pages, pages);
        if (allocated <= limits.Min)
        {
            LeavePressure();
            return true;
        }

        if (allocated > limits.Default) EnterPressure();
        if (allocated <= limits.Max && (held < least || !IsUnderPressure || limits.Max > Volatile.Read(ref _sockets) * PagesOf(total))) return true;
        Interlocked.Add(ref _pages, -pages);
        return false;
    }

    /// <summary>Takes pages whatever the limits say (kernel: <c>sk_forced_mem_schedule</c>).</summary>
    internal void Force(int pages) => Interlocked.Add(ref _pages, pages);

    /// <summary>Gives pages back (kernel: <c>__sk_mem_reduce_allocated</c>).</summary>
    internal void Give(int pages)
    {
        if (Interlocked.Add(ref _pages, -pages) < context.Sysctls.TcpMem.Min) LeavePressure();
    }

    /// <summary>Pages for so many bytes.</summary>
    internal static int PagesOf(int bytes) => (bytes + (1 << PageShift) - 1) >> PageShift;

    private void EnterPressure()
    {
        if (Interlocked.CompareExchange(ref _since, Math.Max(Now.Nanoseconds, 1), 0) == 0) context.Mib.Add(LinuxMib.TCPMemoryPressures);
    }

    private void LeavePressure()
    {
        if (!IsUnderPressure) return;
        var since = Interlocked.Exchange(ref _since, 0);
        if (since != 0) context.Mib.Add(LinuxMib.TCPMemoryPressuresChrono, Math.Max(Now.Nanoseconds - since, 0) / 1_000_000);
    }
}
