using System.Text;
using NetActors.Script.Parsing;

namespace NetActors.Script.Shell;

/// <summary>A token of the shell: a word, an operator, or the end (both null).</summary>
internal readonly record struct ShellToken(ShellWord? Word, string? Operator, ScriptPosition Position)
{
    /// <summary>True when nothing is left.</summary>
    public bool IsEnd => Word is null && Operator is null;

    /// <summary>True for this operator or plain word.</summary>
    public bool Is(string text) => Operator == text || Word?.Plain == text;

    /// <summary>As messages quote it.</summary>
    public override string ToString() =>
        IsEnd ? "the end" : Operator == "\n" ? "the end of the line" : $"'{Operator ?? Word?.Literal ?? "..."}'";
}

/// <summary>Cuts shell text into words and operators (POSIX 2.3).</summary>
internal sealed class ShellLexer(string text, ScriptPosition start, int depth)
{
    private static readonly string[] Operators = ["&>>", "&&", "||", ";;", ">>", "<<", ">&", "<&", "&>", "&", "|", ";", "(", ")", "<", ">",
        "\n"];
    private readonly TextScanner _text = new(text, start);

    /// <summary>The next token.</summary>
    public ShellToken Next()
    {
        SkipBlanks();
        var position = _text.Position;
        if (_text.IsAtEnd) return new ShellToken(null, null, position);
        if (char.IsAsciiDigit(_text.Current) && _text.Peek(1) is '<' or '>') return new ShellToken(null, _text.Take(1), position);
        foreach (var known in Operators)
            if (_text.StartsWith(known)) return new ShellToken(null, _text.Take(known.Length), position);
        return new ShellToken(ReadWord(), null, position);
    }

    private void SkipBlanks()
    {
        while (!_text.IsAtEnd)
        {
            if (_text.Current is ' ' or '\t' or '\r') _text.Advance();
            else if (_text.Current == '\\' && _text.Peek(1) == '\n') _text.Take(2);
            else if (_text.Current == '#') _text.Take(_text.CountWhile(static character => character != '\n'));
            else return;
        }
    }

    private ShellWord ReadWord()
    {
        var position = _text.Position;
        var parts = new List<ShellPart>();
        var plain = new StringBuilder();
        while (!_text.IsAtEnd && _text.Current is not (' ' or '\t' or '\r' or '\n' or ';' or '&' or '|' or '<' or '>' or '(' or ')'))
        {
            var next = _text.Current;
            if (next == '$') ReadExpansion(parts, plain, false);
            else if (next == '\'') ReadSingleQuotes(parts, plain);
            else if (next == '"') ReadDoubleQuotes(parts, plain);
            else if (next == '\\') ReadEscape(parts, plain);
            else plain.Append(_text.Advance());
        }

        Flush(parts, plain, false);
        return new ShellWord(parts, position);
    }

    private void ReadEscape(List<ShellPart> parts, StringBuilder plain)
    {
        _text.Advance();
        if (_text.IsAtEnd) return;
        var escaped = _text.Advance();
        if (escaped == '\n') return;
        Flush(parts, plain, false);
        parts.Add(new LiteralPart(escaped.ToString(), true));
    }

    private void ReadSingleQuotes(List<ShellPart> parts, StringBuilder plain)
    {
        Flush(parts, plain, false);
        var position = _text.Position;
        _text.Advance();
        var length = _text.CountWhile(static character => character != '\'');
        parts.Add(new LiteralPart(_text.Take(length), true));
        if (_text.IsAtEnd) throw new ScriptSyntaxException(position, "the text that begins here has no end: ' is missing");
        _text.Advance();
    }

    private void ReadDoubleQuotes(List<ShellPart> parts, StringBuilder plain)
    {
        Flush(parts, plain, false);
        var position = _text.Position;
        var quoted = new StringBuilder();
        _text.Advance();
        while (_text.Current != '"')
        {
            if (_text.IsAtEnd) throw new ScriptSyntaxException(position, "the text that begins here has no end: \" is missing");
            if (_text.Current == '$') ReadExpansion(parts, quoted, true);
            else if (_text.Current == '\\' && _text.Peek(1) is '"' or '\\' or '$' or '`' or '\n')
            {
                _text.Advance();
                if (_text.Advance() is var escaped && escaped != '\n') quoted.Append(escaped);
            }
            else quoted.Append(_text.Advance());
        }

        _text.Advance();
        parts.Add(new LiteralPart(quoted.ToString(), true)); // also when empty: "" is a field
    }

    private void ReadExpansion(List<ShellPart> parts, StringBuilder plain, bool isQuoted)
    {
        var position = _text.Position;
        if (_text.StartsWith("$(("))
        {
            var length = _text.DistanceTo("))");
            if (length < 0) throw new ScriptSyntaxException(position, "$(( has no end: )) is missing");
            Flush(parts, plain, isQuoted);
            _text.Take(3);
            parts.Add(new ArithmeticPart(_text.Take(length - 3), position, isQuoted));
            _text.Take(2);
        }
        else if (_text.StartsWith("$(")) ReadSubstitution(parts, plain, isQuoted);
        else if (_text.StartsWith("${")) ReadBraces(parts, plain, isQuoted);
        else ReadName(parts, plain, isQuoted);
    }

    private void ReadName(List<ShellPart> parts, StringBuilder plain, bool isQuoted)
    {
        var length = char.IsAsciiDigit(_text.Peek(1)) || _text.Peek(1) is '?' or '$' or '#' or '@' or '*'
            ? 1
            : _text.CountWhile(static character => char.IsAsciiLetterOrDigit(character) || character == '_', 1);
        var dollar = _text.Advance();
        if (length == 0) plain.Append(dollar);
        else
        {
            Flush(parts, plain, isQuoted);
            parts.Add(new VariablePart(_text.Take(length), isQuoted));
        }
    }

    private void ReadBraces(List<ShellPart> parts, StringBuilder plain, bool isQuoted)
    {
        var position = _text.Position;
        _text.Take(2);
        var length = _text.CountWhile(static character => char.IsAsciiLetterOrDigit(character) || character == '_');
        if (length == 0 || _text.Peek(length) != '}')
            throw new ScriptSyntaxException(position, "of the shell's ${...} only ${name} is supported");
        Flush(parts, plain, isQuoted);
        parts.Add(new VariablePart(_text.Take(length), isQuoted));
        _text.Advance();
    }

    private void ReadSubstitution(List<ShellPart> parts, StringBuilder plain, bool isQuoted)
    {
        var position = _text.Position;
        Flush(parts, plain, isQuoted);
        _text.Take(2);
        var (inner, open, quote, length) = (_text.Position, 1, '\0', 0);
        for (; open > 0; length++)
        {
            var next = _text.Peek(length);
            if (next == '\0') throw new ScriptSyntaxException(position, "$( has no end: ) is missing");
            if (quote != '\0') quote = next == quote ? '\0' : quote;
            else if (next is '\'' or '"') quote = next;
            else if (next is '(' or ')') open += next == '(' ? 1 : -1;
        }

        parts.Add(new SubstitutionPart(new ShellParser(_text.Take(length - 1), inner, depth + 1).ReadAll(), isQuoted));
        _text.Advance();
    }

    private static void Flush(List<ShellPart> parts, StringBuilder plain, bool isQuoted)
    {
        if (plain.Length > 0) parts.Add(new LiteralPart(plain.ToString(), isQuoted));
        plain.Clear();
    }
}
