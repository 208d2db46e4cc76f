namespace NetActors.Observe;

/// <summary>/proc/net/snmp: the counters the RFCs define (kernel: <c>snmp_seq_show</c>).</summary>
public static class ProcNetSnmp
{
    private static readonly string[] Since310 = ["OutTransmits", "OutRateLimitGlobal", "OutRateLimitHost", "IgnoredMulti", "MemErrors"];

    /// <summary>Writes the file; 3.10 lacks the columns that came later.</summary>
    public static void Write(TextWriter writer, HostSnapshot host, KernelVersion kernel = KernelVersion.V6)
    {
        var mib = host.Mib;
        MibGroup.Write(writer, "Ip", Names<IpMib>(kernel), name => Enum.Parse<IpMib>(name) switch
        {
            IpMib.Forwarding => host.IpForward ? 1 : 2,
            IpMib.DefaultTTL => host.IpDefaultTtl,
            var counter => mib[counter],
        });
        MibGroup.Write(writer, "Icmp", Names<IcmpMib>(kernel), name => mib[Enum.Parse<IcmpMib>(name)]);
        WriteIcmpMsg(writer, mib);
        MibGroup.Write(writer, "Tcp", Names<TcpMib>(kernel), name => Enum.Parse<TcpMib>(name) switch
        {
            TcpMib.RtoAlgorithm => 1, // constants of tcp_mib_init: other, TCP_RTO_MIN, TCP_RTO_MAX, no limit
            TcpMib.RtoMin => 200,
            TcpMib.RtoMax => 120_000,
            TcpMib.MaxConn => -1,
            var counter => mib[counter],
        });
        MibGroup.Write(writer, "Udp", Names<UdpMib>(kernel), name => mib[Enum.Parse<UdpMib>(name)]);
        MibGroup.Write(writer, "UdpLite", Names<UdpMib>(kernel), _ => 0);
    }

    // Only types that were seen, at most 16 a line pair (kernel: icmpmsg_put).
    private static void WriteIcmpMsg(TextWriter writer, MibSet mib)
    {
        foreach (var line in IcmpTypes(mib).Chunk(16))
        {
            writer.Write($"IcmpMsg: {string.Join(' ', line.Select(type => type.Name))}\n");
            writer.Write($"IcmpMsg: {string.Join(' ', line.Select(type => type.Value))}\n");
        }
    }

    /// <summary>The ICMP types that were seen, received ones first.</summary>
    internal static List<NamedCount> IcmpTypes(MibSet mib)
    {
        var seen = new List<NamedCount>();
        for (var type = 0; type < 256; type++) if (mib.IcmpInTypes[type] != 0) seen.Add(new($"InType{type}", mib.IcmpInTypes[type]));
        for (var type = 0; type < 256; type++) if (mib.IcmpOutTypes[type] != 0) seen.Add(new($"OutType{type}", mib.IcmpOutTypes[type]));
        return seen;
    }

    private static string[] Names<TMib>(KernelVersion kernel) where TMib : struct, Enum =>
        kernel == KernelVersion.V310 ? [.. Enum.GetNames<TMib>().Except(Since310)] : Enum.GetNames<TMib>();
}
