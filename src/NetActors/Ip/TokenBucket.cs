using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// Permits at a rate, a burst at a time: time itself is the token (kernel: <c>inet_peer_xrlim_allow</c>, net/ipv4/inetpeer.c).
/// </summary>
public struct TokenBucket
{
    /// <summary>Permits that may be saved up (kernel: <c>XRLIM_BURST_FACTOR</c>).</summary>
    public const int BurstFactor = 6;

    private KernelTime _last;

    /// <summary>A bucket last asked 60 s ago, and so a full one for any usual cost (kernel: <c>inet_getpeer</c>).</summary>
    public TokenBucket(KernelTime now) => _last = new KernelTime(now.Nanoseconds - 60_000_000_000);

    /// <summary>Saved time.</summary>
    public KernelTime Tokens { get; private set; }

    /// <summary>Takes one permit. False when there is none.</summary>
    /// <param name="cost">Time between two permits; zero permits always.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(KernelTime cost, KernelTime now) => TryTake(cost, BurstFactor, now);

    /// <summary>The same where another number of permits may be saved up.</summary>
    public bool TryTake(KernelTime cost, int burst, KernelTime now)
    {
        var tokens = KernelTime.Min(Tokens + (now - _last), cost * burst);
        _last = now;
        var allowed = tokens >= cost;
        Tokens = allowed ? tokens - cost : tokens;
        return allowed;
    }
}
