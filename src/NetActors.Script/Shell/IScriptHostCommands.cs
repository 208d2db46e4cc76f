using System.Diagnostics.CodeAnalysis;
using NetActors.Sockets;

namespace NetActors.Script.Shell;

/// <summary>
/// What the shell commands of scripts do to the host under test. Every method answers <see cref="Errno.None"/> or why it cannot;
/// <see cref="Errno.EOPNOTSUPP"/> for what the host has not.
/// </summary>
public interface IScriptHostCommands
{
    /// <summary>
    /// Reads a sysctl such as <c>net.ipv4.tcp_sack</c>; several numbers are separated by tabulators. False when there is none.
    /// </summary>
    bool TryGetSysctl(string name, [NotNullWhen(true)] out string? value);

    /// <summary>Sets a sysctl: ENOENT when there is none of this name, EINVAL when the value is not allowed.</summary>
    Errno SetSysctl(string name, string value);

    /// <summary>
    /// <c>ip tcp_metrics flush</c>: forgets what is known of <paramref name="address"/>, or of all peers when it is null.
    /// </summary>
    Errno FlushTcpMetrics(string? address);

    /// <summary><c>ip route</c>.</summary>
    Errno ChangeRoute(RouteCommand command);

    /// <summary><c>ip addr</c>.</summary>
    Errno ChangeAddress(AddressCommand command);

    /// <summary><c>ip link set</c>.</summary>
    Errno ChangeLink(LinkCommand command);

    /// <summary><c>tc qdisc</c>. Answers null, or what is wrong.</summary>
    string? ChangeQdisc(QdiscCommand command);

    /// <summary><c>ethtool -K</c>: turns an offload such as <c>tso</c> on or off.</summary>
    Errno ChangeOffload(string device, string feature, bool isOn);

    /// <summary>All counters since the host began, by the names that <c>nstat</c> prints, such as <c>TcpExtTCPSackRecovery</c>.</summary>
    IEnumerable<KeyValuePair<string, long>> ReadCounters();

    /// <summary>Reads a file below <c>/proc</c> other than a sysctl. False when there is none.</summary>
    bool TryReadFile(string path, [NotNullWhen(true)] out string? text);
}
