using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// The limit on ICMP messages to all hosts together (kernel: <c>icmp_global_allow</c>, <c>icmp_global_consume</c>; not in 3.10).
/// Refilled at most every 20 ms; each message takes 0 to 2 credits, 1 on average, so that nobody can count with it.
/// </summary>
public struct IcmpGlobalLimit
{
    private static readonly KernelTime Second = KernelTime.FromSeconds(1);
    private static readonly KernelTime LeastGap = KernelTime.FromMilliseconds(20); // HZ / 50

    private KernelTime _stamp;
    private bool _begun; // at boot the last message is long ago, and so the credit full (kernel: INITIAL_JIFFIES)

    /// <summary>Messages that may go at once; may fall below zero.</summary>
    public int Credit { get; private set; }

    /// <summary>Whether one more may be sent. Takes nothing.</summary>
    public bool Allow(int perSecond, int burst, KernelTime now)
    {
        if (Credit > 0) return true;
        var passed = _begun ? KernelTime.Min(now - _stamp, Second) : Second;
        if (passed < LeastGap) return false;
        var refill = (int)(perSecond * passed.Nanoseconds / Second.Nanoseconds);
        if (refill == 0) return false;
        (_stamp, _begun) = (now, true);
        Credit = Math.Min(Credit + refill, burst);
        return true;
    }

    /// <summary>One was sent: takes <paramref name="credits"/>, a random 0, 1 or 2.</summary>
    public void Consume(int credits) => Credit -= credits;
}
