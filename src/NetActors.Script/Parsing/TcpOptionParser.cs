using System.Globalization;
using NetActors.Headers;
using NetActors.Script.Syntax;

namespace NetActors.Script.Parsing;

/// <summary>Reads TCP options between angle brackets (parser.y: <c>opt_tcp_options</c>).</summary>
internal static class TcpOptionParser
{
    private static readonly string[] Names = ["nop", "eol", "mss", "wscale", "sackOK", "sack", "TS", "FO", "FOEXP", "md5", "ECN", "unknown"];

    /// <summary>Reads the options if any are there; null for <c>&lt;...&gt;</c>.</summary>
    public static IReadOnlyList<TcpOptionSpec>? Read(TokenReader tokens, PacketDirection direction)
    {
        var open = tokens.Current;
        if (!tokens.TryTake('<')) return [];
        if (tokens.TryTake(TokenKind.Ellipsis, out var ellipsis))
        {
            if (direction == PacketDirection.Inbound)
                throw new ScriptSyntaxException(ellipsis.Position, "<...> for TCP options can only be used with an outbound packet (>)");
            tokens.Expect('>', "behind the TCP options");
            return null;
        }

        var options = new List<TcpOptionSpec>();
        do options.Add(ReadOption(tokens));
        while (tokens.TryTake(','));
        tokens.Expect('>', "behind the TCP options");
        CheckSize(options.Sum(static option => option.Size), open.Position);
        return options;
    }

    private static void CheckSize(int size, ScriptPosition position)
    {
        if (size > TcpOptions.MaxBytes)
            throw new ScriptSyntaxException(position,
                $"the TCP options need {size} bytes, more than the {TcpOptions.MaxBytes} of a header");
        if (size % 4 != 0) throw new ScriptSyntaxException(
            position, $"the TCP options need {size} bytes, which is no multiple of 4: fill up with nop");
    }

    private static TcpOptionSpec ReadOption(TokenReader tokens)
    {
        var name = tokens.Expect(TokenKind.Word, "a TCP option");
        switch (name.Text)
        {
            case "nop": return new NopOption();
            case "eol": return new EndOption();
            case "mss": return new MssOption((ushort)tokens.ExpectNumber("the MSS", 0, ushort.MaxValue));
            case "wscale": return new WindowScaleOption((byte)tokens.ExpectNumber("the window scale", 0, byte.MaxValue));
            case "sackOK": return new SackPermittedOption();
            case "sack": return ReadSack(tokens);
            case "TS": return ReadTimestamp(tokens);
            case "FO": return new FastOpenOption(ReadHex(tokens, "the cookie", 38), false);
            case "FOEXP": return new FastOpenOption(ReadHex(tokens, "the cookie", 36), true);
            case "md5": return new RawOption(TcpOptionKinds.Md5, ReadHex(tokens, "the digest", 16));
            case "unknown":
                var kind = (byte)tokens.ExpectNumber("the kind of the option", 0, byte.MaxValue);
                return new RawOption(kind, ReadHex(tokens, "the data of the option", 38));
            case "ECN": return ReadAccurateEcn(tokens);
            default: throw TokenReader.UnknownName(name, "TCP option", Names);
        }
    }

    private static SackOption ReadSack(TokenReader tokens)
    {
        var blocks = new List<(uint, uint)>();
        do
        {
            var left = (uint)tokens.ExpectNumber("the left edge of a SACK block", 0, uint.MaxValue);
            tokens.Expect(':', "between the edges of a SACK block");
            blocks.Add((left, (uint)tokens.ExpectNumber("the right edge of a SACK block", 0, uint.MaxValue)));
        }
        while (tokens.Current.Kind == TokenKind.Integer);
        return new SackOption(blocks);
    }

    /// <summary>Counters by name in either order (parser.y: <c>accecn</c>); what comes first tells the kind.</summary>
    private static RawOption ReadAccurateEcn(TokenReader tokens)
    {
        var option = new AccurateEcnOption { IsOrder1 = true };
        while (tokens.Current.Kind == TokenKind.Word)
        {
            var name = tokens.Take();
            var isFirst = option.Count == 0;
            if (isFirst) option.IsOrder1 = name.Text == "e1b";
            string[] order = option.IsOrder1 ? ["e1b", "ceb", "e0b"] : ["e0b", "ceb", "e1b"];
            if (option.Count == order.Length || name.Text != order[option.Count]) throw TokenReader.UnknownName(name, "counter", order);
            var value = (uint)tokens.ExpectNumber("the counter", 0, 0xFF_FFFF);
            (option.First, option.Second, option.Third) = option.Count switch
            {
                0 => (value, 0u, 0u),
                1 => (option.First, value, 0u),
                _ => (option.First, option.Second, value),
            };
            option.Count++;
        }

        var bytes = new byte[option.Length];
        option.Write(bytes);
        return new RawOption(bytes[0], bytes[2..]);
    }

    private static TimestampOption ReadTimestamp(TokenReader tokens)
    {
        tokens.Expect("val", "behind TS");
        var value = (uint)tokens.ExpectNumber("the timestamp", 0, uint.MaxValue);
        tokens.Expect("ecr", "behind the timestamp");
        return new TimestampOption(value, (uint)tokens.ExpectNumber("the timestamp echo", 0, uint.MaxValue));
    }

    /// <summary>Two digits a byte; none at all is empty.</summary>
    private static byte[] ReadHex(TokenReader tokens, string what, int most)
    {
        if (tokens.Current.Kind is not (TokenKind.Word or TokenKind.Integer or TokenKind.HexInteger)) return [];
        var token = tokens.Take();
        var digits = token.Kind == TokenKind.HexInteger ? token.Text[2..] : token.Text;
        if (digits.Length % 2 != 0) throw new ScriptSyntaxException(token.Position, $"{what} has an odd number of hexadecimal digits");
        if (digits.Length / 2 > most) throw new ScriptSyntaxException(token.Position, $"{what} has more than {most} bytes");
        var bytes = new byte[digits.Length / 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            var pair = digits.AsSpan(2 * i, 2);
            if (byte.TryParse(pair, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i])) continue;
            throw new ScriptSyntaxException(token.Position, $"{what} '{token.Text}' is not hexadecimal");
        }

        return bytes;
    }
}
