using System.Globalization;
using System.Text;
using NetActors.Script.Parsing;

namespace NetActors.Script.Code;

/// <summary>What a token of code is.</summary>
internal enum CodeTokenKind
{
    /// <summary>Nothing is left.</summary>
    End,

    /// <summary>A statement ends: a new line or <c>;</c>.</summary>
    Separator,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A number or text.</summary>
    Literal,

    /// <summary>Anything else.</summary>
    Operator,
}

/// <summary>One token of code.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it was written.</param>
/// <param name="Value">The value of a literal.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last character.</param>
internal readonly record struct CodeToken(CodeTokenKind Kind, string Text, CodeValue? Value, ScriptPosition Position, int Start, int End)
{
    /// <summary>True for this operator or keyword.</summary>
    public bool Is(string text) => Kind is CodeTokenKind.Name or CodeTokenKind.Operator && Text == text;

    /// <summary>As messages quote it.</summary>
    public override string ToString() => Kind switch
    {
        CodeTokenKind.End => "the end of the code",
        CodeTokenKind.Separator => "the end of the statement",
        _ => $"'{Text}'",
    };
}

/// <summary>Cuts code into tokens; new lines inside parentheses do not count, as in Python.</summary>
internal sealed class CodeLexer(string code, ScriptPosition start)
{
    private static readonly string[] Operators =
        ["**=", "//=", "<<=", ">>=", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="];

    private readonly TextScanner _text = new(code, start);
    private readonly List<CodeToken> _tokens = [];
    private int _open;

    /// <summary>All tokens; the last is <see cref="CodeTokenKind.End"/>.</summary>
    /// <exception cref="ScriptSyntaxException">Something is no token.</exception>
    public IReadOnlyList<CodeToken> Read()
    {
        while (!_text.IsAtEnd) ReadToken();
        Add(CodeTokenKind.End, 0);
        return _tokens;
    }

    private void ReadToken()
    {
        var next = _text.Current;
        if (next is ' ' or '\t' or '\r') _text.Advance();
        else if (next == '#') _text.Take(_text.CountWhile(static character => character != '\n'));
        else if (next == '\\' && _text.Peek(1) == '\n') _text.Take(2);
        else if (next == '\n' && _open > 0) _text.Advance();
        else if (next is '\n' or ';') Add(CodeTokenKind.Separator, 1);
        else if (next is '"' or '\'') ReadText(next);
        else if (char.IsAsciiDigit(next) || (next == '.' && char.IsAsciiDigit(_text.Peek(1)))) ReadNumber();
        else if (char.IsAsciiLetter(next) || next == '_') Add(CodeTokenKind.Name,
            _text.CountWhile(static c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        else ReadOperator(next);
    }

    private void ReadOperator(char next)
    {
        if (next is '(' or '[') _open++;
        if (next is ')' or ']') _open = Math.Max(0, _open - 1);
        foreach (var known in Operators)
        {
            if (!_text.StartsWith(known)) continue;
            Add(CodeTokenKind.Operator, known.Length);
            return;
        }

        Add(CodeTokenKind.Operator, 1);
    }

    private void ReadNumber()
    {
        var position = _text.Position;
        if (_text.Current == '0' && _text.Peek(1) is 'x' or 'X')
        {
            var digits = _text.CountWhile(char.IsAsciiHexDigit, 2);
            if (!Int128.TryParse("0" + _text.Text.AsSpan(_text.Index + 2, digits).ToString(), NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture, out var hex))
                throw new ScriptSyntaxException(position, "the number is too large");
            Add(CodeTokenKind.Literal, digits + 2, new CodeInteger(hex));
            return;
        }

        var length = _text.CountWhile(char.IsAsciiDigit);
        var isFloat = _text.Peek(length) == '.';
        if (isFloat) length += 1 + _text.CountWhile(char.IsAsciiDigit, length + 1);
        if (_text.Peek(length) is 'e' or 'E')
        {
            var sign = _text.Peek(length + 1) is '+' or '-' ? 1 : 0;
            var digits = _text.CountWhile(char.IsAsciiDigit, length + 1 + sign);
            if (digits > 0) (isFloat, length) = (true, length + 1 + sign + digits);
        }

        var text = _text.Text.AsSpan(_text.Index, length);
        if (isFloat) Add(CodeTokenKind.Literal, length,
            new CodeFloat(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)));
        else if (Int128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) Add(CodeTokenKind.Literal, length,
            new CodeInteger(value));
        else throw new ScriptSyntaxException(position, $"the number {text} is too large");
    }

    private void ReadText(char quote)
    {
        var value = new StringBuilder();
        var length = 1;
        while (_text.Peek(length) is var next && next != quote)
        {
            if (next is '\0' or '\n') throw new ScriptSyntaxException(_text.Position,
                $"the text that begins here has no end: {quote} is missing");
            if (next == '\\') next = Escape(_text.Peek(++length));
            value.Append(next);
            length++;
        }

        Add(CodeTokenKind.Literal, length + 1, new CodeText(value.ToString()));
    }

    private char Escape(char letter) => letter switch
    {
        'n' => '\n',
        't' => '\t',
        '\\' or '\'' or '"' => letter,
        _ => throw new ScriptSyntaxException(_text.Position, $"the escape '\\{letter}' is not supported"),
    };

    private void Add(CodeTokenKind kind, int length, CodeValue? value = null)
    {
        var position = _text.Position;
        var begin = _text.Index;
        _tokens.Add(new CodeToken(kind, _text.Take(length), value, position, begin, begin + length));
    }
}
