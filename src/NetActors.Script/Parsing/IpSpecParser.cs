using NetActors.Script.Syntax;

namespace NetActors.Script.Parsing;

/// <summary>Reads what a packet says of its IP header: <c>[ect0]</c>, <c>(tos 0x10, ttl 3)</c> (parser.y: <c>opt_ip_info</c>).</summary>
internal static class IpSpecParser
{
    private static readonly string[] Words = ["noecn", "ect0", "ect1", "ce", "ect01", "tos", "ttl", "flowlabel"];

    /// <summary>Reads it if it is there.</summary>
    public static IpSpec Read(TokenReader tokens, PacketDirection direction, ScriptSettings settings)
    {
        var close = tokens.Current.Is('(') ? ')' : ']';
        if (!tokens.TryTake('(') && !tokens.TryTake('[')) return IpSpec.Unstated;
        var spec = IpSpec.Unstated;
        do spec = ReadItem(tokens, spec, direction, settings);
        while (tokens.TryTake(','));
        tokens.Expect(close, "behind what is said of the IP header");
        return spec;
    }

    private static IpSpec ReadItem(TokenReader tokens, IpSpec spec, PacketDirection direction, ScriptSettings settings)
    {
        var token = tokens.Expect(TokenKind.Word, "ect0, ect1, ce, noecn, ect01, tos, ttl or flowlabel");
        switch (token.Text)
        {
            case "noecn": return spec with { TosCheck = TosCheck.Ecn, Tos = 0 };
            case "ect1": return spec with { TosCheck = TosCheck.Ecn, Tos = 1 };
            case "ect0": return spec with { TosCheck = TosCheck.Ecn, Tos = 2 };
            case "ce": return spec with { TosCheck = TosCheck.Ecn, Tos = 3 };
            case "tos": return spec with { TosCheck = TosCheck.Tos, Tos = (byte)tokens.ExpectNumber("the TOS byte", 0, 0xFF) };
            case "ttl": return spec with { Ttl = (byte)tokens.ExpectNumber("the TTL", 0, 0xFF) };
            case "ect01" when direction == PacketDirection.Outbound: return spec with { TosCheck = TosCheck.EctEither, Tos = 0 };
            case "ect01": throw new ScriptSyntaxException(token.Position, "[ect01] can only be used with an outbound packet (>)");
            case "flowlabel" when settings.IsWireIpv6:
                return spec with { FlowLabel = (uint)tokens.ExpectNumber("the flow label", 0, 0xF_FFFF) };
            case "flowlabel": throw new ScriptSyntaxException(token.Position, "only IPv6 packets have a flow label (--ip_version=ipv6)");
            default: throw TokenReader.UnknownName(token, "word about the IP header", Words);
        }
    }
}
