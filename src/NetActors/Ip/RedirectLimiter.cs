using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// How often a host is told of a better way (kernel: <c>ip_rt_send_redirect</c>): each time twice as long after the last, nine times;
/// then not before it has been silent for a while. Bounded: past <paramref name="limit"/> hosts all are forgotten.
/// </summary>
internal sealed class RedirectLimiter(int limit)
{
    private const int Most = 9; // ip_rt_redirect_number
    private const long Load = 20_000_000; // ip_rt_redirect_load, HZ/50
    private const long Silence = Load << (Most + 1); // ip_rt_redirect_silence
    private readonly Dictionary<uint, (long Last, int Sent)> _hosts = [];

    /// <summary>Whether the host is told now.</summary>
    /// <param name="host">Source address of its packet, in host order.</param>
    /// <param name="now">The time.</param>
    public bool Allow(uint host, KernelTime now)
    {
        if (!_hosts.TryGetValue(host, out var known) && _hosts.Count >= limit) _hosts.Clear();
        var (last, sent) = known;
        var time = now.Nanoseconds;
        if (time > last + Silence) sent = 0;
        var isAllowed = sent == 0 || (sent < Most && time > last + (Load << sent));
        if (isAllowed) sent++;
        else if (sent < Most) return false;
        _hosts[host] = (time, sent); // who does not listen keeps the silence from beginning
        return isAllowed;
    }
}
