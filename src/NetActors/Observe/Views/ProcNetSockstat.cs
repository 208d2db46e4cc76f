namespace NetActors.Observe;

/// <summary>/proc/net/sockstat (kernel: <c>sockstat_seq_show</c>).</summary>
public static class ProcNetSockstat
{
    /// <summary>Writes the file.</summary>
    public static void Write(TextWriter writer, HostSnapshot host)
    {
        var s = host.Sockstat;
        writer.Write($"sockets: used {s.Used}\n");
        writer.Write($"TCP: inuse {s.TcpInuse} orphan {s.TcpOrphan} tw {s.TcpTw} alloc {s.TcpAlloc} mem {s.TcpMem}\n");
        writer.Write($"UDP: inuse {s.UdpInuse} mem {s.UdpMem}\n");
        writer.Write("UDPLITE: inuse 0\n");
        writer.Write("RAW: inuse 0\n");
        writer.Write($"FRAG: inuse {s.FragInuse} memory {s.FragMemory}\n");
    }
}
