using NetActors.Ip;
using NetActors.Neighbours;
using NetActors.Tcp;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>The protocol settings of a host's namespace.</summary>
internal sealed record NetStackSettings
{
    public TcpSysctls Tcp { get; init; } = new();

    public Jiffies Jiffies { get; init; }

    public IcmpSettings Icmp { get; init; } = new();

    public NeighbourTableSettings Neighbours { get; init; } = new();

    public UdpSettings Udp { get; init; } = new();

    /// <summary><c>fs.file-max</c>.</summary>
    public long FileMax { get; init; } = 838_860;

    public IpFragSettings Fragments { get; init; } = new();

    /// <summary><c>net.ipv4.ip_local_port_range</c>.</summary>
    public ushort PortLow { get; init; } = 32768;

    public ushort PortHigh { get; init; } = 60999;
}
