using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Adds up how long a connection was held back by what (kernel: <c>tcp_chrono_start</c>, <c>tcp_chrono_stop</c>).</summary>
internal struct TcpChrono
{
    private TcpChronoKind _kind;
    private KernelTime _since;
    private long _busy;
    private long _rwndLimited;
    private long _sndbufLimited;

    /// <summary>Something began to hold the connection back.</summary>
    internal void Start(TcpChronoKind kind, KernelTime now)
    {
        if (kind > _kind) Set(kind, now);
    }

    /// <summary>It no longer does.</summary>
    internal void Stop(TcpChronoKind kind, bool isEmpty, KernelTime now)
    {
        if (isEmpty) Set(TcpChronoKind.None, now);
        else if (kind == _kind) Set(TcpChronoKind.Busy, now);
    }

    /// <summary>Microseconds in all, by the window and by the buffer (kernel: <c>tcp_get_info_chrono_stats</c>).</summary>
    internal readonly void Fill(ref TcpInfo info, KernelTime now)
    {
        var copy = this;
        copy.Set(_kind, now);
        info.BusyTime = (ulong)((copy._busy + copy._rwndLimited + copy._sndbufLimited) / 1000);
        (info.RwndLimited, info.SndbufLimited) = ((ulong)(copy._rwndLimited / 1000), (ulong)(copy._sndbufLimited / 1000));
    }

    private void Set(TcpChronoKind kind, KernelTime now)
    {
        var passed = (now - _since).Nanoseconds;
        if (_kind == TcpChronoKind.Busy) _busy += passed;
        else if (_kind == TcpChronoKind.RwndLimited) _rwndLimited += passed;
        else if (_kind == TcpChronoKind.SndbufLimited) _sndbufLimited += passed;
        (_kind, _since) = (kind, now);
    }
}
