namespace NetActors.Observe;

/// <summary>/proc/net/netstat: Linux's own counters (kernel: <c>netstat_seq_show</c>); without MPTCP, which is not emulated.</summary>
public static class ProcNetNetstat
{
    /// <summary>Writes the file.</summary>
    public static void Write(TextWriter writer, HostSnapshot host, KernelVersion kernel = KernelVersion.V6)
    {
        var mib = host.Mib;
        IReadOnlyList<string> tcpExt = kernel == KernelVersion.V310 ? TcpExt310.Names : Enum.GetNames<LinuxMib>();
        MibGroup.Write(writer, "TcpExt", tcpExt, name => Enum.TryParse<LinuxMib>(name, out var counter) ? mib[counter] : 0);
        var ipExt = Enum.GetNames<IpExtMib>();
        if (kernel == KernelVersion.V310) ipExt = ipExt[..((int)IpExtMib.InCsumErrors + 1)];
        MibGroup.Write(writer, "IpExt", ipExt, name => mib[Enum.Parse<IpExtMib>(name)]);
    }
}
