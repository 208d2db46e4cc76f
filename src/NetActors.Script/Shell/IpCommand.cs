using NetActors.Sockets;

namespace NetActors.Script.Shell;

/// <summary><c>ip route</c>, <c>ip addr</c>, <c>ip link set</c>, <c>ip tcp_metrics flush</c>.</summary>
internal static class IpCommand
{
    /// <summary>Runs one command.</summary>
    public static ShellResult Run(IScriptHostCommands host, ReadOnlySpan<string> arguments)
    {
        var isIpv6 = false;
        while (arguments is [['-', ..] option, .. var behind])
        {
            if (option is not ("-4" or "-6")) return ShellResult.Fail($"ip: the option '{option}' is not supported");
            isIpv6 = option == "-6";
            arguments = behind;
        }

        if (arguments is not [var kind, var verb, .. var rest]) return ShellResult.Fail("ip: what to do is missing");
        return kind switch
        {
            "route" or "ro" or "r" => IpRouteCommand.Run(host, isIpv6, verb, rest),
            "addr" or "address" or "a" => Address(host, verb, rest),
            "link" or "l" => Link(host, verb, rest),
            "tcp_metrics" or "tcpmetrics" or "tcp_metric" => FlushMetrics(host, verb, rest),
            _ => ShellResult.Fail($"ip: the object '{kind}' is not supported"),
        };
    }

    /// <summary>The answer to what the host said.</summary>
    public static ShellResult Answer(Errno error, string what) =>
        error == Errno.None ? ShellResult.Success : ShellResult.Fail($"ip: {what}: {error}", 2);

    private static ShellResult Address(IScriptHostCommands host, string verb, ReadOnlySpan<string> rest)
    {
        if (verb is not ("add" or "change" or "replace" or "del" or "delete" or "flush"))
            return ShellResult.Fail($"ip: 'addr {verb}' is not supported");
        string? prefix = null;
        string? device = null;
        while (!rest.IsEmpty)
        {
            var taken = 1;
            if (rest is ["dev", var name, ..]) (device, taken) = (name, 2);
            else if (rest[0] == "nodad") taken = 1; // no duplicate address detection is made anyway
            else if (prefix is null) prefix = rest[0];
            else return ShellResult.Fail($"ip: addr does not support '{rest[0]}'");
            rest = rest[taken..];
        }

        if (device is null) return ShellResult.Fail("ip: addr needs dev DEVICE");
        if (prefix is null && verb != "flush") return ShellResult.Fail("ip: addr needs an address");
        return Answer(host.ChangeAddress(new AddressCommand(verb == "delete" ? "del" : verb, prefix, device)),
            $"addr {verb} {prefix} dev {device}");
    }

    private static ShellResult Link(IScriptHostCommands host, string verb, ReadOnlySpan<string> rest)
    {
        if (verb != "set") return ShellResult.Fail($"ip: 'link {verb}' is not supported");
        if (rest is ["dev", ..]) rest = rest[1..];
        if (rest.IsEmpty) return ShellResult.Fail("ip: link set needs a device");
        var device = rest[0];
        rest = rest[1..];
        bool? isUp = null;
        var attributes = new Dictionary<string, long>(StringComparer.Ordinal);
        while (!rest.IsEmpty)
        {
            var taken = 1;
            if (rest[0] is "up" or "down") isUp = rest[0] == "up";
            else if (rest.Length > 1 && IpRouteCommand.TryNumber(rest[1], out var value) && IsLinkNumber(rest[0]))
                (attributes[rest[0]], taken) = (value, 2);
            else return ShellResult.Fail($"ip: link set does not support '{rest[0]}'");
            rest = rest[taken..];
        }

        return Answer(host.ChangeLink(new LinkCommand(device, isUp, attributes)), $"link set {device}");
    }

    private static bool IsLinkNumber(string name) =>
        name is "mtu" or "txqueuelen" or "gso_max_size" or "gso_max_segs" or "gro_max_size" or "gso_ipv4_max_size" or "gro_ipv4_max_size";

    private static ShellResult FlushMetrics(IScriptHostCommands host, string verb, ReadOnlySpan<string> rest)
    {
        if (verb is not ("flush" or "delete" or "del")) return ShellResult.Fail($"ip: 'tcp_metrics {verb}' is not supported");
        if (rest is ["address", ..]) rest = rest[1..];
        return rest switch
        {
            [] or ["all"] => Answer(host.FlushTcpMetrics(null), "tcp_metrics flush"),
            [var address] => Answer(host.FlushTcpMetrics(address), $"tcp_metrics {verb} {address}"),
            _ => ShellResult.Fail($"ip: tcp_metrics {verb} does not support '{rest[0]}'"),
        };
    }
}
