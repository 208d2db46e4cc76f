using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Whether a host's clients do without Fast Open for a while, because something on the way swallowed a connection that used it (RFC 7413
/// section 7.3; kernel: <c>tcp_fastopen_active_disable</c>, <c>tcp_fastopen_active_should_disable</c>). Each time in a row doubles the while.
/// </summary>
public sealed class FastOpenBlackhole
{
    private const int MostDoublings = 6;

    private long _since;
    private int _times;

    /// <summary>How often in a row (<c>tfo_active_disable_times</c>).</summary>
    public int Times => Volatile.Read(ref _times);

    /// <summary>One that used it may work again, or the setting was changed.</summary>
    public void Reset() => Volatile.Write(ref _times, 0);

    /// <summary>A connection was swallowed.</summary>
    internal void Disable(KernelTime timeout, MibSet mib, KernelTime now)
    {
        if (timeout == KernelTime.Zero) return; // off
        Volatile.Write(ref _since, now.Nanoseconds);
        Interlocked.Increment(ref _times);
        mib.Add(LinuxMib.TCPFastOpenBlackhole);
    }

    /// <summary>True while clients do without; afterwards <paramref name="isTrial"/> marks those that may show that it works again.</summary>
    internal bool IsDisabled(KernelTime timeout, KernelTime now, out bool isTrial)
    {
        isTrial = false;
        var times = Times;
        if (timeout == KernelTime.Zero || times == 0) return false;
        if (now < new KernelTime(Volatile.Read(ref _since)) + (timeout * (1L << Math.Min(times - 1, MostDoublings)))) return true;
        isTrial = true;
        return false;
    }
}
