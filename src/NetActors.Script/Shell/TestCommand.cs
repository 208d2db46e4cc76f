using System.Globalization;

namespace NetActors.Script.Shell;

/// <summary><c>test</c> and <c>[</c>: comparisons of text and numbers.</summary>
internal static class TestCommand
{
    /// <summary>Status 0 when it holds, 1 when not, 2 when it is none.</summary>
    public static ShellResult Run(ReadOnlySpan<string> arguments)
    {
        if (arguments is ["!", .. var rest] && rest.Length > 0) return Run(rest) is { Status: < 2 } inner ? Answer(inner.Status != 0)
            : Run(rest);
        return arguments switch
        {
            [] => Answer(false),
            [var text] => Answer(text.Length > 0),
            ["-n", var text] => Answer(text.Length > 0),
            ["-z", var text] => Answer(text.Length == 0),
            [var left, "=" or "==", var right] => Answer(left == right),
            [var left, "!=", var right] => Answer(left != right),
            [var left, ['-', _, _] name, var right] => Compare(left, name, right),
            _ => ShellResult.Fail($"test: '{string.Join(' ', arguments.ToArray())}' is not supported", 2),
        };
    }

    private static ShellResult Compare(string left, string name, string right)
    {
        if (!TryNumber(left, out var a) || !TryNumber(right, out var b)) return ShellResult.Fail("test: integer expression expected", 2);
        return name switch
        {
            "-eq" => Answer(a == b),
            "-ne" => Answer(a != b),
            "-lt" => Answer(a < b),
            "-le" => Answer(a <= b),
            "-gt" => Answer(a > b),
            "-ge" => Answer(a >= b),
            _ => ShellResult.Fail($"test: '{name}' is not supported", 2),
        };
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out number);

    private static ShellResult Answer(bool holds) => holds ? ShellResult.Success : new ShellResult(1, "", "");
}
