using System.Text.RegularExpressions;

namespace NetActors.Script.Shell;

/// <summary><c>grep</c> over what a pipe brings, or files below /proc: <c>-q</c>, <c>-c</c>, <c>-v</c>, <c>-E</c>.</summary>
internal static class GrepCommand
{
    /// <summary>Status 0 when a line matches, 1 when none does, 2 when it cannot be tried.</summary>
    public static ShellResult Run(IScriptHostCommands host, ReadOnlySpan<string> arguments, string input)
    {
        var options = "";
        while (arguments is [['-', _, ..] option, ..])
        {
            options += option[1..];
            arguments = arguments[1..];
        }

        if (options.AsSpan().ContainsAnyExcept("qcvEw")) return ShellResult.Fail($"grep: the options '-{options}' are not supported", 2);
        if (arguments is not [var pattern, .. var files]) return ShellResult.Fail("grep: the pattern is missing", 2);
        if (!files.IsEmpty && Read(host, files, out input) is { } missing) return ShellResult.Fail($"grep: {missing}: No such file or directory", 2);
        if (options.Contains('w', StringComparison.Ordinal)) pattern = $@"\b(?:{pattern})\b";
        try
        {
            var wanted = !options.Contains('v', StringComparison.Ordinal);
            var lines = input.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => Regex.IsMatch(line, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant) == wanted).ToArray();
            var output = options.Contains('c', StringComparison.Ordinal) ? $"{lines.Length}\n"
                : string.Concat(lines.Select(static line => line + "\n"));
            return new ShellResult(lines.Length > 0 ? 0 : 1, options.Contains('q', StringComparison.Ordinal) ? "" : output, "");
        }
        catch (Exception error) when (error is RegexParseException or NotSupportedException)
        {
            return ShellResult.Fail($"grep: {error.Message}", 2);
        }
    }

    /// <summary>The lines of the files, with their names before them when there are several. Answers the name of one that there is not.</summary>
    private static string? Read(IScriptHostCommands host, ReadOnlySpan<string> files, out string lines)
    {
        lines = "";
        foreach (var file in files)
        {
            if (!ProcFiles.TryRead(host, file, out var text)) return file;
            lines += files.Length == 1 ? text : string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{file}:{line}\n"));
        }

        return null;
    }
}
