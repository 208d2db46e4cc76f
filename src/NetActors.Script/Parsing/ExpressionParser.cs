using System.Text;
using NetActors.Script.Symbols;
using NetActors.Script.Syntax;

namespace NetActors.Script.Parsing;

/// <summary>Reads arguments and results of system calls (parser.y: <c>expression</c>).</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private const int DeepestNesting = 64;
    private int _depth;

    /// <summary>Reads expressions up to a closing character, which is taken.</summary>
    public IReadOnlyList<ScriptExpression> ReadList(char close)
    {
        var items = new List<ScriptExpression>();
        if (tokens.TryTake(close)) return items;
        do items.Add(Read());
        while (tokens.TryTake(','));
        tokens.Expect(close, "or ',' behind an expression");
        return items;
    }

    /// <summary>Reads one expression.</summary>
    public ScriptExpression Read()
    {
        if (_depth == DeepestNesting) throw new ScriptSyntaxException(tokens.Current.Position, "the expression is nested too deep");
        _depth++;
        try
        {
            var left = ReadOperand();
            while (tokens.TryTake('|')) left = new OrExpression(left, ReadOperand(), left.Position);
            return left;
        }
        finally
        {
            _depth--;
        }
    }

    private ScriptExpression ReadOperand()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Ellipsis:
                tokens.Take();
                return new EllipsisExpression(token.Position);
            case TokenKind.Integer or TokenKind.HexInteger:
                return new IntegerExpression(TokenReader.Number(tokens.Take()), null, token.Position);
            case TokenKind.String: return ReadString();
            case TokenKind.Word: return ReadWord();
            default: return ReadBracketed();
        }
    }

    private ScriptExpression ReadBracketed()
    {
        var token = tokens.Current;
        if (tokens.TryTake('[')) return new ListExpression(ReadList(']'), token.Position);
        if (tokens.TryTake('{')) return new StructParser(tokens, this).Read(token.Position);
        throw tokens.Unexpected("an expression");
    }

    private ScriptExpression ReadWord()
    {
        var token = tokens.Take();
        if (tokens.Current.Is('(') && token.Text is "inet_addr" or "inet6_addr" or "htons") return ReadFunction(token);
        if (!LinuxSymbols.TryGet(token.Text, out var value))
        {
            if (token.Text == "ellipsis") return new EllipsisExpression(token.Position);
            throw new ScriptSyntaxException(token.Position, $"unknown symbol '{token.Text}'", LinuxSymbols.Nearest(token.Text));
        }

        return tokens.TryTake('=')
            ? new AssignExpression(token.Text, value, Read(), token.Position)
            : new IntegerExpression(value, token.Text, token.Position);
    }

    /// <summary>Reads <c>inet_addr("1.2.3.4")</c> (a number in network order), <c>inet6_addr("::1")</c> or <c>htons(80)</c>.</summary>
    private ScriptExpression ReadFunction(Token name)
    {
        tokens.Expect('(', $"behind {name.Text}");
        ScriptExpression value;
        if (name.Text == "htons")
        {
            var port = (ushort)tokens.ExpectNumber("the port", 0, ushort.MaxValue);
            value = new IntegerExpression((ushort)(port << 8 | port >> 8), null, name.Position);
        }
        else
        {
            var address = ReadAddress();
            if (address.IsIpv6 != (name.Text == "inet6_addr"))
                throw new ScriptSyntaxException(name.Position, $"{name.Text} needs an {(address.IsIpv6 ? "IPv4" : "IPv6")} address");
            value = address.IsIpv6
                ? new In6AddrExpression(address.Value, name.Position)
                : new IntegerExpression(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(address.Ipv4), null, name.Position);
        }

        tokens.Expect(')', $"behind the argument of {name.Text}");
        return value;
    }

    /// <summary>Reads an address between quotes.</summary>
    public ScriptAddress ReadAddress()
    {
        var text = tokens.Expect(TokenKind.String, "an address in quotes");
        return ScriptAddress.TryParse(text.Text, out var address)
            ? address
            : throw new ScriptSyntaxException(text.Position, $"'{text.Text}' is not an address");
    }

    /// <summary>Strings in a row are one, as in C.</summary>
    private StringExpression ReadString()
    {
        var position = tokens.Current.Position;
        var bytes = new List<byte>();
        while (tokens.TryTake(TokenKind.String, out var token)) Unescape(token, bytes);
        return new StringExpression(bytes, tokens.TryTake(TokenKind.Ellipsis, out _), position);
    }

    /// <summary>Resolves escapes (packetdrill: <c>unescape_cstring_expression</c>).</summary>
    private static void Unescape(Token token, List<byte> bytes)
    {
        var text = token.Text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
                continue;
            }

            i++;
            switch (i < text.Length ? text[i] : '\0')
            {
                case '\\' or '"' or '\'': bytes.Add((byte)text[i]); break;
                case 'f': bytes.Add((byte)'\f'); break;
                case 'n': bytes.Add((byte)'\n'); break;
                case 'r': bytes.Add((byte)'\r'); break;
                case 't': bytes.Add((byte)'\t'); break;
                case 'v': bytes.Add((byte)'\v'); break;
                case '0': bytes.Add(0); break;
                case 'x' when i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]):
                    bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                    i += 2;
                    break;
                default:
                    throw new ScriptSyntaxException(token.Content,
                    $"unsupported escape '{text[(i - 1)..Math.Min(text.Length, i + 3)]}'");
            }
        }
    }
}
