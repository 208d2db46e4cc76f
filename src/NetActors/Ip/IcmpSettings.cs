using NetActors.Time;

namespace NetActors.Ip;

/// <summary>Settings <c>net.ipv4.icmp_*</c> with Linux's defaults (net/ipv4/icmp.c).</summary>
public sealed record IcmpSettings
{
    /// <summary><c>icmp_echo_ignore_all</c>.</summary>
    public bool EchoIgnoreAll { get; init; }

    /// <summary><c>icmp_echo_ignore_broadcasts</c>: no answer to echoes and time stamps for a group.</summary>
    public bool EchoIgnoreBroadcasts { get; init; } = true;

    /// <summary><c>icmp_ignore_bogus_error_responses</c>: no fuss over errors about our broadcasts; they are passed on.</summary>
    public bool IgnoreBogusErrorResponses { get; init; } = true;

    /// <summary><c>icmp_ratelimit</c>: least time between two limited messages to one host; zero for no limit. 1 s.</summary>
    public KernelTime RateLimit { get; init; } = KernelTime.FromMilliseconds(1000);

    /// <summary><c>icmp_ratemask</c>: bit per type that is limited: unreachable, quench, time exceeded, parameter problem.</summary>
    public uint RateMask { get; init; } = 0x1818;

    /// <summary><c>icmp_msgs_per_sec</c>: limited messages to all hosts together.</summary>
    public int MsgsPerSec { get; init; } = 1000;

    /// <summary><c>icmp_msgs_burst</c>: how many of them at once.</summary>
    public int MsgsBurst { get; init; } = 50;

    /// <summary><c>inet_peer_threshold</c>: hosts whose limit is remembered; the longest known is forgotten first.</summary>
    public int InetPeerThreshold { get; init; } = 65_536 + 128;
}
