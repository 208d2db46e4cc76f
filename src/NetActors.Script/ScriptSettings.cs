using NetActors.Time;

namespace NetActors.Script;

/// <summary>What the options of a script say (packetdrill: <c>struct config</c>), with packetdrill's defaults.</summary>
public sealed record ScriptSettings
{
    /// <summary>Over which IP (<c>--ip_version</c>).</summary>
    public ScriptIpVersion IpVersion { get; init; }

    /// <summary>The port that <c>bind()</c> is given (<c>--bind_port</c>).</summary>
    public ushort BindPort { get; init; } = 8080;

    /// <summary>The port that <c>connect()</c> is given (<c>--connect_port</c>).</summary>
    public ushort ConnectPort { get; init; } = 8080;

    /// <summary>
    /// Address of the stack under test (<c>--local_ip</c>): packetdrill draws one from 192.168.0.0/16 or fd3d:fa7b:d17d::/48 by chance, we
    /// always take the same.
    /// </summary>
    public required ScriptAddress LocalAddress { get; init; }

    /// <summary>Address of the peer that the script plays (<c>--remote_ip</c>).</summary>
    public required ScriptAddress RemoteAddress { get; init; }

    /// <summary>Next hop to the peer (<c>--gateway_ip</c>).</summary>
    public required ScriptAddress GatewayAddress { get; init; }

    /// <summary>Length of the prefix of the local network in bits (<c>--netmask_ip</c>; IPv6: 48).</summary>
    public int PrefixLength { get; init; }

    /// <summary>MTU of the interface in bytes (<c>--mtu</c>); 0 leaves it as it is.</summary>
    public int Mtu { get; init; }

    /// <summary>Payload in bytes of the segments of which inbound packets count as put together (<c>--mss</c>); 0 for none.</summary>
    public int Mss { get; init; }

    /// <summary>How far off a time may be (<c>--tolerance_usecs</c>).</summary>
    public KernelTime Tolerance { get; init; } = KernelTime.FromMicroseconds(4000);

    /// <summary>
    /// How far off a time may be, in percent of the time since the event before, when that is more (<c>--tolerance_percent</c>). The
    /// default is the slack of the kernel's timer wheel (commit 500462a9de65).
    /// </summary>
    public double TolerancePercent { get; init; } = 12.5;

    /// <summary>
    /// A timestamp echo that no outbound packet carried is computed (<c>--tcp_ts_ecr_scaled</c>) instead of being an error.
    /// </summary>
    public bool TimestampEchoScaled { get; init; }

    /// <summary>Microseconds of a tick of TCP timestamps (<c>--tcp_ts_tick_usecs</c>); 0 leaves outbound values unchecked.</summary>
    public int TimestampTickMicroseconds { get; init; }

    /// <summary>Outbound data must come in the segments that the script says (<c>--strict_segments</c>).</summary>
    public bool StrictSegments { get; init; }

    /// <summary>A packet that differs is a warning (<c>--non_fatal=packet</c>).</summary>
    public bool NonFatalPackets { get; init; }

    /// <summary>A system call that answers otherwise is a warning (<c>--non_fatal=syscall</c>).</summary>
    public bool NonFatalSyscalls { get; init; }

    /// <summary>True when packets are IPv6.</summary>
    public bool IsWireIpv6 => IpVersion == ScriptIpVersion.Ipv6;
}
