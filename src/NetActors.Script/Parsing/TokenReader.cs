using System.Globalization;
using NetActors.Scenarios.Reading;

namespace NetActors.Script.Parsing;

/// <summary>Reads tokens one after the other and says what was expected instead of what is there.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _next;

    /// <summary>The next token.</summary>
    public Token Current => tokens[_next];

    /// <summary>The token after the next.</summary>
    public Token Following => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    /// <summary>Takes the next token; the end stays where it is.</summary>
    public Token Take()
    {
        var token = tokens[_next];
        if (token.Kind != TokenKind.End) _next++;
        return token;
    }

    /// <summary>Takes the next token if it is this character.</summary>
    public bool TryTake(char character)
    {
        if (!Current.Is(character)) return false;
        Take();
        return true;
    }

    /// <summary>Takes the next token if it is this word.</summary>
    public bool TryTake(string word)
    {
        if (!Current.Is(word)) return false;
        Take();
        return true;
    }

    /// <summary>Takes the next token if it is of this kind.</summary>
    public bool TryTake(TokenKind kind, out Token token)
    {
        token = Current;
        if (token.Kind != kind) return false;
        Take();
        return true;
    }

    /// <summary>Takes this character, or ends the statement.</summary>
    public void Expect(char character, string where)
    {
        if (!TryTake(character)) throw Unexpected($"'{character}' {where}");
    }

    /// <summary>Takes this word, or ends the statement.</summary>
    public void Expect(string word, string where)
    {
        if (!TryTake(word)) throw Unexpected($"'{word}' {where}");
    }

    /// <summary>Takes a token of this kind, or ends the statement.</summary>
    public Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    /// <summary>Takes a decimal or hexadecimal number between two bounds, or ends the statement.</summary>
    public long ExpectNumber(string what, long least, long most)
    {
        if (Current.Kind is not (TokenKind.Integer or TokenKind.HexInteger)) throw Unexpected(what);
        var token = Take();
        var value = Number(token);
        if (value >= least && value <= most) return value;
        throw new ScriptSyntaxException(token.Position, $"{what} must be from {least} to {most}, not {token.Text}");
    }

    /// <summary>The value of a number token.</summary>
    public static long Number(Token token)
    {
        if (token.Kind == TokenKind.HexInteger
            && ulong.TryParse(token.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
            return (long)hex;
        if (long.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;
        if (ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned)) return (long)unsigned;
        throw new ScriptSyntaxException(token.Position, $"{token.Text} does not fit into 64 bits");
    }

    /// <summary>The fault of a token that should not be here.</summary>
    public ScriptSyntaxException Unexpected(string expected) => new(Current.Position, $"expected {expected}, found {Current}");

    /// <summary>The fault of something that packetdrill has and this runner has not.</summary>
    public static ScriptSyntaxException Unsupported(Token token, string what) => new(token.Position, $"{what} is not supported");

    /// <summary>The fault of a name that nothing has.</summary>
    public static ScriptSyntaxException UnknownName(Token token, string what, IEnumerable<string> known) =>
        new(token.Position, $"unknown {what} '{token.Text}'", NearestName.Of(token.Text, known));
}
