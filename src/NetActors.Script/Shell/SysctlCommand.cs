using System.Text;
using NetActors.Sockets;

namespace NetActors.Script.Shell;

/// <summary><c>sysctl [-q] [-n] [-e] [-w] name[=value] ...</c>.</summary>
internal static class SysctlCommand
{
    /// <summary>Sets and reads in order; goes on behind a failure and ends with status 1, as procps does.</summary>
    public static ShellResult Run(IScriptHostCommands host, IReadOnlyList<string> arguments)
    {
        var (options, output, errors) = ("", new StringBuilder(), new StringBuilder());
        foreach (var argument in arguments)
        {
            if (argument is ['-', _, ..]) options += argument[1..];
            else if (argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                Set(host, Name(argument[..equals]), argument[(equals + 1)..].Trim(), options, output, errors);
            else Get(host, Name(argument), options, output, errors);
        }

        if (options.AsSpan().ContainsAnyExcept("qnew")) return ShellResult.Fail($"sysctl: the options '-{options}' are not supported");
        return new ShellResult(errors.Length == 0 ? 0 : 1, output.ToString(), errors.ToString());
    }

    /// <summary>net/ipv4/tcp_sack and net.ipv4.tcp_sack are the same.</summary>
    private static string Name(string text) => text.Trim().Replace('/', '.');

    private static void Set(IScriptHostCommands host, string name, string value, string options, StringBuilder output, StringBuilder errors)
    {
        var error = host.SetSysctl(name, value);
        if (error == Errno.ENOENT)
        {
            Unknown(name, options, errors);
            return;
        }

        if (error != Errno.None) errors.Append($"sysctl: setting key \"{name}\" to \"{value}\": {Describe(error)}\n");
        else if (!options.Contains('q', StringComparison.Ordinal)) Print(name, value, options, output);
    }

    private static void Get(IScriptHostCommands host, string name, string options, StringBuilder output, StringBuilder errors)
    {
        if (host.TryGetSysctl(name, out var value)) Print(name, value, options, output);
        else Unknown(name, options, errors);
    }

    private static void Print(string name, string value, string options, StringBuilder output) =>
        output.Append(options.Contains('n', StringComparison.Ordinal) ? $"{value}\n" : $"{name} = {value}\n");

    private static void Unknown(string name, string options, StringBuilder errors)
    {
        if (options.Contains('e', StringComparison.Ordinal)) return;
        errors.Append($"sysctl: cannot stat /proc/sys/{name.Replace('.', '/')}: No such file or directory\n");
    }

    private static string Describe(Errno error) => Symbols.ErrnoSymbols.Describe((int)error);
}
