using NetActors.Headers;

namespace NetActors.Script.Parsing;

/// <summary>Cuts a script into tokens (packetdrill: lexer.l); what cannot be one is a fault and left out.</summary>
internal sealed class ScriptLexer
{
    private readonly TextScanner _text;
    private readonly ScriptFaults _faults;
    private readonly IReadOnlyDictionary<string, string> _given;
    private readonly Dictionary<string, string> _defined = new(StringComparer.Ordinal);
    private readonly List<Token> _tokens = [];
    private int _lastLine;

    private ScriptLexer(string text, ScriptFaults faults, IReadOnlyDictionary<string, string> given)
    {
        _text = new TextScanner(text, new ScriptPosition(1, 1));
        (_faults, _given) = (faults, given);
    }

    /// <summary>All tokens of <paramref name="text"/>; the last is <see cref="TokenKind.End"/>.</summary>
    /// <param name="text">The script.</param>
    /// <param name="faults">Takes what is wrong.</param>
    /// <param name="given">Words that stand for other text (<c>--define</c>) on top of those that the script defines itself.</param>
    public static IReadOnlyList<Token> Read(string text, ScriptFaults faults, IReadOnlyDictionary<string, string> given)
    {
        var lexer = new ScriptLexer(text, faults, given);
        while (lexer.SkipBlanks()) lexer.ReadToken();
        lexer.Add(TokenKind.End, "", lexer._text.Position);
        return lexer._tokens;
    }

    private static bool IsWordCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    private bool SkipBlanks()
    {
        while (!_text.IsAtEnd)
        {
            if (_text.StartsWith("//") || _text.Current == '#') SkipTo("\n", 0);
            else if (_text.StartsWith("/*")) SkipComment();
            else if (_text.Current is ' ' or '\t' or '\n' or '\r') _text.Advance();
            else return true;
        }

        return false;
    }

    private void SkipTo(string end, int beyond)
    {
        var distance = _text.DistanceTo(end);
        _text.Take(distance < 0 ? _text.Text.Length - _text.Index : distance + beyond);
    }

    private void SkipComment()
    {
        if (_text.DistanceTo("*/") < 0) _faults.Add(_text.Position, "the comment has no end: */ is missing");
        SkipTo("*/", 2);
    }

    private void ReadToken()
    {
        var position = _text.Position;
        if (_text.StartsWith("...")) Add(TokenKind.Ellipsis, _text.Take(3), position);
        else if (_text.StartsWith("%{")) ReadDelimited(TokenKind.Code, "%{", "}%");
        else if (_text.Current == '"') ReadQuoted(TokenKind.String);
        else if (_text.Current == '`') ReadQuoted(TokenKind.Command);
        else if (_text.StartsWith("--") && IsWordCharacter(_text.Peek(2))) ReadOption();
        else if (!TryReadIpv6() && !TryReadNumber() && !TryReadWord()) Add(TokenKind.Punctuation, _text.Take(1), position);
    }

    private void ReadDelimited(TokenKind kind, string open, string close)
    {
        var position = _text.Position;
        _text.Take(open.Length);
        var content = _text.Position;
        var distance = _text.DistanceTo(close);
        if (distance < 0) _faults.Add(position, $"{open} has no end: {close} is missing");
        var body = _text.Take(distance < 0 ? _text.Text.Length - _text.Index : distance);
        if (distance >= 0) _text.Take(close.Length);
        Add(kind, body, position, content);
    }

    private void ReadQuoted(TokenKind kind)
    {
        var position = _text.Position;
        var quote = _text.Advance();
        var content = _text.Position;
        var length = 0;
        while (_text.Peek(length) is var next && next != quote && next != '\0')
            length += next == '\\' && _text.Peek(length + 1) != '\0' ? 2 : 1;
        var body = _text.Take(length);
        if (_text.IsAtEnd) _faults.Add(position, $"the text that begins here has no end: {quote} is missing");
        else _text.Advance();
        Add(kind, body, position, content);
    }

    /// <summary>The value of an option goes on to the next blank; quotes and backticks may hold blanks.</summary>
    private void ReadOption()
    {
        var position = _text.Position;
        _text.Take(2);
        var begin = _text.Index;
        while (!_text.IsAtEnd && _text.Current is not (' ' or '\t' or '\n' or '\r'))
        {
            var quote = _text.Advance();
            if (quote is not ('"' or '`')) continue;
            SkipTo(quote.ToString(), 1);
        }

        var option = _text.Text[begin.._text.Index];
        const string Define = "define=";
        if (option.StartsWith(Define, StringComparison.Ordinal) && option.IndexOf('=', Define.Length) is > 0 and var equals)
            _defined[option[Define.Length..equals]] = option[(equals + 1)..];
        Add(TokenKind.Option, option, position);
    }

    /// <summary>Sequence ranges such as 1:1001 are no addresses: only two colons in a row or seven of them make one.</summary>
    private bool TryReadIpv6()
    {
        var length = _text.CountWhile(static character => char.IsAsciiHexDigit(character) || character is ':' or '.');
        if (length < 2) return false;
        var text = _text.Text.AsSpan(_text.Index, length);
        if (text.IndexOf("::") < 0 && text.Count(':') != 7) return false;
        if (text[^1] == ':' && !text.EndsWith("::")) text = text[..^1]; // the colon behind an encapsulating header
        if (!Ipv6Address.TryParse(text, out _)) return false;
        var position = _text.Position;
        Add(TokenKind.Ipv6Address, _text.Take(text.Length), position);
        return true;
    }

    private bool TryReadNumber()
    {
        var sign = _text.Current == '-' ? 1 : 0;
        var whole = _text.CountWhile(char.IsAsciiDigit, sign);
        var end = sign + whole;
        if (sign == 0 && TryReadIpv4(whole)) return true;
        var position = _text.Position;
        if (_text.Peek(end) == '.' && char.IsAsciiDigit(_text.Peek(end + 1)))
        {
            Add(TokenKind.Float, _text.Take(end + 1 + _text.CountWhile(char.IsAsciiDigit, end + 1)), position);
            return true;
        }

        if (whole == 0) return false;
        if (sign == 0 && _text.CountWhile(IsWordCharacter) > whole) return TryReadHex();
        Add(TokenKind.Integer, _text.Take(end), position);
        return true;
    }

    private bool TryReadIpv4(int whole)
    {
        if (whole == 0) return false;
        var length = _text.CountWhile(static character => char.IsAsciiDigit(character) || character == '.');
        if (!Ipv4Address.TryParse(_text.Text.AsSpan(_text.Index, length), out _)) return false;
        var position = _text.Position;
        Add(TokenKind.Ipv4Address, _text.Take(length), position);
        return true;
    }

    private bool TryReadHex()
    {
        var length = _text.CountWhile(IsWordCharacter);
        if (!_text.StartsWith("0x") || length == 2 || _text.CountWhile(char.IsAsciiHexDigit, 2) != length - 2) return false;
        var position = _text.Position;
        Add(TokenKind.HexInteger, _text.Take(length), position);
        return true;
    }

    private bool TryReadWord()
    {
        var length = _text.CountWhile(IsWordCharacter);
        if (length == 0) return false;
        var position = _text.Position;
        var word = _text.Take(length);
        if (_given.TryGetValue(word, out var meaning) || _defined.TryGetValue(word, out meaning)) AddDefined(meaning, position);
        else Add(TokenKind.Word, word, position);
        return true;
    }

    /// <summary>A defined word stands for a string, a command, a number or another word (packetdrill: <c>word()</c>).</summary>
    private void AddDefined(string meaning, ScriptPosition position)
    {
        var kind = meaning switch
        {
            ['"', .., '"'] => TokenKind.String,
            ['`', .., '`'] => TokenKind.Command,
            ['0', 'x', _, ..] when meaning.Skip(2).All(char.IsAsciiHexDigit) => TokenKind.HexInteger,
            [_, ..] when meaning.All(char.IsAsciiDigit) => TokenKind.Integer,
            _ => TokenKind.Word,
        };
        Add(kind, kind is TokenKind.String or TokenKind.Command ? meaning[1..^1] : meaning, position);
    }

    private void Add(TokenKind kind, string text, ScriptPosition position) => Add(kind, text, position, position);

    private void Add(TokenKind kind, string text, ScriptPosition position, ScriptPosition content)
    {
        _tokens.Add(new Token(kind, text, position, content, position.Line != _lastLine));
        _lastLine = _text.Position.Line;
    }
}
