using System.Diagnostics.CodeAnalysis;
using NetActors.Script.Shell;
using NetActors.Sockets;

namespace NetActors.Script.Tests.Doubles;

/// <summary>Notes what shell commands ask of the host; knows every sysctl below net, and three counters.</summary>
internal sealed class FakeCommands : IScriptHostCommands
{
    public Dictionary<string, string> Sysctls { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);

    public List<object> Calls { get; } = [];

    public Errno Answer { get; set; }

    public bool TryGetSysctl(string name, [NotNullWhen(true)] out string? value) => Sysctls.TryGetValue(name, out value);

    public Errno SetSysctl(string name, string value)
    {
        if (!name.StartsWith("net.", StringComparison.Ordinal)) return Errno.ENOENT;
        if (value == "bad") return Errno.EINVAL;
        Sysctls[name] = value;
        return Errno.None;
    }

    public Errno FlushTcpMetrics(string? address) => Note($"flush {address}");

    public Errno ChangeRoute(RouteCommand command) => Note(command);

    public Errno ChangeAddress(AddressCommand command) => Note(command);

    public Errno ChangeLink(LinkCommand command) => Note(command);

    public string? ChangeQdisc(QdiscCommand command) => Note(command) is var error && error == Errno.None ? null : error.ToString();

    public Errno ChangeOffload(string device, string feature, bool isOn) => Note($"{device} {feature} {isOn}");

    public IEnumerable<KeyValuePair<string, long>> ReadCounters() => Counters;

    public bool TryReadFile(string path, [NotNullWhen(true)] out string? text)
    {
        text = path == "/proc/net/sockstat" ? "TCP: inuse 1\n" : null;
        return text is not null;
    }

    private Errno Note(object call)
    {
        Calls.Add(call);
        return Answer;
    }
}
