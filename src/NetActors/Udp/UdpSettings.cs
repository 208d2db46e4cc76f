namespace NetActors.Udp;

/// <summary>
/// Settings of UDP's memory with the defaults of a machine with 6 GiB (the specification's; <c>net.core</c>, <c>net.ipv4</c>).
/// </summary>
public sealed record UdpSettings
{
    /// <summary>Whose rules hold.</summary>
    public KernelVersion Version { get; init; }

    /// <summary><c>net.core.rmem_default</c>, in bytes.</summary>
    public int RmemDefault { get; init; } = 212_992;

    /// <summary><c>net.core.rmem_max</c>, in bytes (3.10: 212992).</summary>
    public int RmemMax { get; init; } = 4_194_304;

    /// <summary><c>net.core.wmem_default</c>, in bytes.</summary>
    public int WmemDefault { get; init; } = 212_992;

    /// <summary><c>net.core.wmem_max</c>, in bytes (3.10: 212992).</summary>
    public int WmemMax { get; init; } = 4_194_304;

    /// <summary>Least receive buffer in bytes (kernel: <c>SOCK_MIN_RCVBUF</c>).</summary>
    public int MinRcvBuf { get; init; } = 2304;

    /// <summary><c>net.ipv4.udp_mem</c>, first number, in pages.</summary>
    public long UdpMemMin { get; init; } = 575_799;

    /// <summary><c>net.ipv4.udp_mem</c>, third number, in pages; UDP does not use the second.</summary>
    public long UdpMemMax { get; init; } = 1_151_598;

    /// <summary><c>net.ipv4.udp_rmem_min</c>, in bytes.</summary>
    public int UdpRmemMin { get; init; } = 4096;

    /// <summary>The settings of Linux 3.10.</summary>
    public static UdpSettings Linux310 { get; } = new() { Version = KernelVersion.V310, RmemMax = 212_992, WmemMax = 212_992 };
}
