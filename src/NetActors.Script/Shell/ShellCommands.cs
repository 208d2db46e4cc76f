using System.Collections.Frozen;

namespace NetActors.Script.Shell;

/// <summary>The programs that shell commands may call.</summary>
internal sealed class ShellCommands(IScriptHostCommands host)
{
    private readonly NstatCommand _nstat = new(host);

    /// <summary>Every name that a command may begin with; paths come on top.</summary>
    public static FrozenSet<string> Names { get; } = FrozenSet.Create(
        ":", "true", "false", "echo", "printf", "test", "[", "exit", "set", "export", ".", "source", "sh", "bash", "cat", "grep", "sysctl",
            "ip",
        "tc", "nstat", "ethtool");

    /// <summary>Runs a program; null when there is none of this name.</summary>
    public ShellResult? Run(string name, string[] arguments, string input) => name switch
    {
        ":" or "true" => ShellResult.Success,
        "false" => new ShellResult(1, "", ""),
        "echo" => arguments is ["-n", .. var rest] ? ShellResult.Say(string.Join(' ', rest))
            : ShellResult.Say(string.Join(' ', arguments) + "\n"),
        "printf" => ShellResult.Say(string.Join(' ', arguments).Replace("\\n", "\n", StringComparison.Ordinal)),
        "test" => TestCommand.Run(arguments),
        "[" => arguments is [.. var inner, "]"] ? TestCommand.Run(inner) : ShellResult.Fail("[: missing ]", 2),
        "grep" => GrepCommand.Run(host, arguments, input),
        "sysctl" => SysctlCommand.Run(host, arguments),
        "ip" => IpCommand.Run(host, arguments),
        "tc" => TcCommand.Run(host, arguments),
        "nstat" => _nstat.Run(arguments),
        "ethtool" => EthtoolCommand.Run(host, arguments),
        _ => null,
    };
}
