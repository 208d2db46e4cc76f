using System.Text;
using NetActors.Sockets;

namespace NetActors.Script.Shell;

/// <summary>
/// The kernel's <c>set_sysctls.py</c>: sets sysctls given as files of /proc/sys and writes a shell script that restores them. It is Python,
/// so it is done here by name.
/// </summary>
internal static class SetSysctlsScript
{
    /// <summary>Does what the program does for <paramref name="arguments"/>, each <c>/proc/sys/...=value</c>.</summary>
    public static ShellResult Run(IScriptHostCommands host, IReadOnlyList<string> arguments, IDictionary<string, string> written)
    {
        var restore = new StringBuilder("#!/bin/bash\n");
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || ProcFiles.SysctlName(argument[..equals]) is not { } name)
                return ShellResult.Fail($"set_sysctls.py: '{argument}' is not /proc/sys/...=value");
            if (!host.TryGetSysctl(name, out var before)) return ShellResult.Fail($"cat: {argument[..equals]}: No such file or directory");
            restore.Append($"echo \"{before.Trim()}\" > {argument[..equals]}\n");
            var error = host.SetSysctl(name, argument[(equals + 1)..]);
            if (error != Errno.None) return ShellResult.Fail($"set_sysctls.py: {argument}: {error}");
        }

        written[$"/tmp/sysctl_restore_{ShellInterpreter.ParentProcess}.sh"] = restore.ToString();
        return ShellResult.Success;
    }
}
