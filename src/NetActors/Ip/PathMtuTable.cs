using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// Paths that take less than their device, as ICMP told (kernel: <c>struct fib_nh_exception</c>, <c>__ip_rt_update_pmtu</c>; RFC 1191). Replaced
/// whole when something changes, so that every CPU reads without a lock.
/// </summary>
internal sealed class PathMtuTable
{
    /// <summary>Less is not believed: such a path is cut for, without DF (<c>net.ipv4.route.min_pmtu</c>), in bytes.</summary>
    public const int MinPathMtu = 552;

    private const int MostPaths = 2048;
    private static readonly KernelTime Lifetime = KernelTime.FromSeconds(600); // net.ipv4.route.mtu_expires
    private Dictionary<uint, Entry> _paths = [];

    /// <summary>The path to an address takes at most <paramref name="mtu"/> bytes; nothing when it is known to take no more.</summary>
    /// <param name="destination">In host order.</param>
    /// <param name="mtu">As the message says; 0 when it does not.</param>
    /// <param name="known">What the route takes, in bytes.</param>
    /// <param name="now">The time.</param>
    public void Learn(uint destination, int mtu, int known, KernelTime now)
    {
        while (true)
        {
            var old = Volatile.Read(ref _paths);
            if (old.TryGetValue(destination, out var entry) && entry.Until > now)
            {
                if (entry.IsLocked) return;
                known = Math.Min(known, entry.Mtu);
            }

            if (known < mtu) return;
            var isLocked = mtu < MinPathMtu;
            var next = new Dictionary<uint, Entry>(old.Count < MostPaths ? old : old.Where(pair => pair.Value.Until > now).Take(MostPaths / 2))
            {
                [destination] = new Entry(isLocked ? Math.Min(known, MinPathMtu) : mtu, isLocked, now + Lifetime),
            };
            if (Interlocked.CompareExchange(ref _paths, next, old) == old) return;
        }
    }

    /// <summary>What is known of the path. False when nothing is.</summary>
    /// <param name="destination">In host order.</param>
    /// <param name="now">The time.</param>
    /// <param name="mtu">Most bytes of a packet.</param>
    /// <param name="isLocked">It may be cut on the way: no DF (kernel: <c>rt_mtu_locked</c>).</param>
    public bool TryGet(uint destination, KernelTime now, out int mtu, out bool isLocked)
    {
        (mtu, isLocked) = (0, false);
        if (_paths.Count == 0 || !Volatile.Read(ref _paths).TryGetValue(destination, out var entry) || entry.Until <= now) return false;
        (mtu, isLocked) = (entry.Mtu, entry.IsLocked);
        return true;
    }

    /// <summary>Forgets everything (<c>ip route flush cache</c>).</summary>
    public void Clear() => Volatile.Write(ref _paths, []);

    private readonly record struct Entry(int Mtu, bool IsLocked, KernelTime Until);
}
