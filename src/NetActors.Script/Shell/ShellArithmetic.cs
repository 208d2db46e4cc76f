using System.Globalization;

namespace NetActors.Script.Shell;

/// <summary>Whole numbers with <c>+ - * / % &lt;&lt; &gt;&gt; &amp; |</c> and parentheses, as <c>$((...))</c> has them.</summary>
internal sealed class ShellArithmetic
{
    private static readonly string[][] Levels = [["|"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];
    private readonly string _text;
    private readonly Func<string, string> _variable;
    private int _next;

    private ShellArithmetic(string text, Func<string, string> variable) => (_text, _variable) = (text, variable);

    /// <summary>The value; 0 from the first thing on that cannot be read, as an unset variable is.</summary>
    public static long Evaluate(string text, Func<string, string> variable) => new ShellArithmetic(text, variable).Read(0);

    private long Read(int level)
    {
        if (level == Levels.Length) return ReadOperand();
        var left = Read(level + 1);
        while (TakeOneOf(Levels[level]) is { } name)
        {
            var right = Read(level + 1);
            left = name switch
            {
                "|" => left | right,
                "&" => left & right,
                "<<" => left << (int)right,
                ">>" => left >> (int)right,
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "/" => right == 0 ? 0 : left / right,
                _ => right == 0 ? 0 : left % right,
            };
        }

        return left;
    }

    private long ReadOperand()
    {
        SkipBlanks();
        if (TakeOneOf("-") is not null) return -ReadOperand();
        if (TakeOneOf("(") is not null)
        {
            var inner = Read(0);
            TakeOneOf(")");
            return inner;
        }

        if (_next < _text.Length && _text[_next] == '$') _next++;
        var begin = _next;
        while (_next < _text.Length && (char.IsAsciiLetterOrDigit(_text[_next]) || _text[_next] == '_')) _next++;
        return Number(_text[begin.._next]);
    }

    private long Number(string word)
    {
        if (word.Length > 0 && !char.IsAsciiDigit(word[0])) word = _variable(word);
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : 0;
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private string? TakeOneOf(params ReadOnlySpan<string> names)
    {
        SkipBlanks();
        foreach (var name in names)
        {
            if (string.CompareOrdinal(_text, _next, name, 0, name.Length) != 0) continue;
            _next += name.Length;
            return name;
        }

        return null;
    }

    private void SkipBlanks()
    {
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next])) _next++;
    }
}
