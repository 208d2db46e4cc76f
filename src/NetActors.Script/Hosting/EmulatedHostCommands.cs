using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Script.Shell;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Script.Hosting;

/// <summary>What the shell commands of scripts do to an emulated host.</summary>
internal sealed class EmulatedHostCommands(Host host, TunDevice tun, EmulatedNetwork network, Func<KernelTime> clock, Func<HostSnapshot> snapshot) : IScriptHostCommands
{
    private const ulong QdiscSeed = 1;
    private const string PortRange = "net.ipv4.ip_local_port_range";

    /// <inheritdoc />
    public bool TryGetSysctl(string name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (name == PortRange) value = $"{host.Stack.Tcp.Tables.Ports.Low}\t{host.Stack.Tcp.Tables.Ports.High}";
        else if (TcpSysctlTable.TryGet(host.Stack.Tcp, name, out var found)) value = found;
        return value is not null;
    }

    /// <inheritdoc />
    public Errno SetSysctl(string name, string value)
    {
        if (name != PortRange) return TcpSysctlTable.Set(host.Stack.Tcp, name, value);
        var parts = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || !ushort.TryParse(parts[0], out var low) || !ushort.TryParse(parts[1], out var high) || low > high) return Errno.EINVAL;
        host.Stack.Tcp.Tables.Ports = host.Stack.Tcp.Tables.Ports with { Low = low, High = high };
        return Errno.None;
    }

    /// <inheritdoc />
    public Errno FlushTcpMetrics(string? address)
    {
        host.Stack.Tcp.Metrics.Flush();
        return Errno.None;
    }

    /// <inheritdoc />
    public Errno ChangeRoute(RouteCommand command) => network.ChangeRoute(command);

    /// <inheritdoc />
    public Errno ChangeAddress(AddressCommand command) => network.ChangeAddress(command);

    /// <inheritdoc />
    public Errno ChangeLink(LinkCommand command) => network.ChangeLink(command);

    /// <inheritdoc />
    public string? ChangeQdisc(QdiscCommand command)
    {
        if (command.Device != tun.Name) return Errno.ENODEV.ToString();
        tun.Qdisc ??= new TunQdisc(tun, new KernelRandom(QdiscSeed));
        return tun.Qdisc.Apply($"qdisc {command.Verb} dev {tun.Name} root {command.Kind} {string.Join(' ', command.Options)}".TrimEnd(), clock());
    }

    /// <inheritdoc />
    public Errno ChangeOffload(string device, string feature, bool isOn)
    {
        if (device != tun.Name) return Errno.ENODEV;
        switch (feature)
        {
            case "tso" or "tcp-segmentation-offload":
                tun.SegmentationOffload = isOn;
                return Errno.None;
            case "gso" or "gro" or "generic-segmentation-offload" or "generic-receive-offload":
                return Errno.None; // large packets are made for tso only, and put together by the script
            default:
                return Errno.EOPNOTSUPP;
        }
    }

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, long>> ReadCounters()
    {
        var mib = new MibSet();
        foreach (var cpu in host.Cpus) mib.AddAll(cpu.Mib);
        mib.AddAll(host.Stack.Tcp.Context.Mib);
        foreach (var counter in Enum.GetValues<IpMib>()) yield return new($"Ip{counter}", mib[counter]);
        foreach (var counter in Enum.GetValues<IcmpMib>()) yield return new($"Icmp{counter}", mib[counter]);
        foreach (var counter in Enum.GetValues<TcpMib>()) yield return new($"Tcp{counter}", mib[counter]);
        foreach (var counter in Enum.GetValues<UdpMib>()) yield return new($"Udp{counter}", mib[counter]);
        foreach (var counter in Enum.GetValues<IpExtMib>()) yield return new($"IpExt{counter}", mib[counter]);
        foreach (var counter in Enum.GetValues<LinuxMib>()) yield return new($"TcpExt{counter}", mib[counter]);
    }

    /// <inheritdoc />
    public bool TryReadFile(string path, [NotNullWhen(true)] out string? text)
    {
        Action<TextWriter, HostSnapshot>? print = path switch
        {
            "/proc/net/tcp" => ProcNetTcp.Write,
            "/proc/net/tcp6" => static (writer, _) => writer.Write(ProcNetTcp.HeaderOfTcp6),
            "/proc/net/sockstat" => ProcNetSockstat.Write,
            "/proc/net/snmp" => static (writer, host) => ProcNetSnmp.Write(writer, host),
            "/proc/net/netstat" => static (writer, host) => ProcNetNetstat.Write(writer, host),
            "/proc/net/dev" => ProcNetDev.Write,
            _ => null,
        };
        text = null;
        if (print is null) return false;
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        print(writer, snapshot());
        text = writer.ToString();
        return true;
    }
}
