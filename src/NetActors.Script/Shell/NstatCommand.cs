using System.Globalization;
using System.Text;

namespace NetActors.Script.Shell;

/// <summary>
/// <c>nstat</c>: counters since its last call (<c>-n</c>: only remembers, <c>-s</c>: does not, <c>-a</c>: since boot, <c>-z</c>: zeros
/// too).
/// </summary>
internal sealed class NstatCommand(IScriptHostCommands host)
{
    private Dictionary<string, long> _history = new(StringComparer.Ordinal);

    /// <summary>Prints the counters that the patterns choose, or all.</summary>
    public ShellResult Run(IReadOnlyList<string> arguments)
    {
        var options = string.Concat(arguments.Where(static argument => argument.StartsWith('-')).Select(static argument => argument[1..]));
        if (options.AsSpan().ContainsAnyExcept("nsaz")) return ShellResult.Fail($"nstat: the options '-{options}' are not supported");
        var patterns = arguments.Where(static argument => !argument.StartsWith('-')).ToArray();
        var now = new Dictionary<string, long>(host.ReadCounters(), StringComparer.Ordinal);
        var output = new StringBuilder(options.Contains('n', StringComparison.Ordinal) ? "" : "#kernel\n");
        foreach (var (name, value) in now.OrderBy(static counter => counter.Key, StringComparer.Ordinal))
        {
            if (options.Contains('n', StringComparison.Ordinal)
                || (patterns.Length > 0 && !patterns.Any(pattern => Matches(pattern, name)))) continue;
            var shown = options.Contains('a', StringComparison.Ordinal) ? value : value - _history.GetValueOrDefault(name);
            if (shown != 0 || options.Contains('z', StringComparison.Ordinal))
                output.Append(CultureInfo.InvariantCulture, $"{name,-32}{shown,-16}{0.0,6:F1}\n");
        }

        if (!options.Contains('s', StringComparison.Ordinal)) _history = now;
        return ShellResult.Say(output.ToString());
    }

    /// <summary>The shell's <c>*</c> and <c>?</c> (fnmatch).</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty) return name.IsEmpty;
        if (pattern[0] == '*') return Matches(pattern[1..], name) || (!name.IsEmpty && Matches(pattern, name[1..]));
        return !name.IsEmpty && (pattern[0] == '?' || pattern[0] == name[0]) && Matches(pattern[1..], name[1..]);
    }
}
