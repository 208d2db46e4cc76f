using System.Diagnostics.CodeAnalysis;

namespace NetActors.Script.Shell;

/// <summary>Files below /proc: sysctls are in /proc/sys.</summary>
internal static class ProcFiles
{
    private const string Root = "/proc/sys/";

    /// <summary>The sysctl that a path stands for, such as <c>net.ipv4.tcp_sack</c>; null for any other path.</summary>
    public static string? SysctlName(string path) =>
        path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..].Replace('/', '.') : null;

    /// <summary>Reads a sysctl or another file of the host.</summary>
    public static bool TryRead(IScriptHostCommands host, string path, [NotNullWhen(true)] out string? text)
    {
        if (SysctlName(path) is not { } name) return host.TryReadFile(path, out text);
        text = host.TryGetSysctl(name, out var value) ? value + "\n" : null;
        return text is not null;
    }
}
