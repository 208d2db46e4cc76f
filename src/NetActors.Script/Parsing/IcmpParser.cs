using NetActors.Headers;
using NetActors.Script.Syntax;

namespace NetActors.Script.Parsing;

/// <summary>Reads ICMP messages (parser.y: <c>icmp_packet_spec</c>).</summary>
internal static class IcmpParser
{
    private const byte FragmentationNeeded = 4;

    /// <summary>Reads a message from its type on.</summary>
    public static IcmpPacketSpec Read(TokenReader tokens, PacketDirection direction, IpSpec ip, ScriptPosition position, bool ipv6)
    {
        var (type, code, text) = ReadType(tokens, ipv6);
        var mtu = ReadMtu(tokens, type, code, ipv6);
        ushort? id = tokens.TryTake("id") ? (ushort)tokens.ExpectNumber("the identifier", 0, ushort.MaxValue) : null;
        return new IcmpPacketSpec(direction, ip, type, code, text, mtu, id, ReadEchoed(tokens), position);
    }

    private static (byte Type, byte Code, string Text) ReadType(TokenReader tokens, bool ipv6)
    {
        var typeToken = tokens.Expect(TokenKind.Word, "the ICMP type");
        if (!IcmpNames.TryGetType(typeToken.Text, ipv6, out var type))
            throw TokenReader.UnknownName(typeToken, ipv6 ? "ICMPv6 type" : "ICMP type", IcmpNames.Types(ipv6));
        if (tokens.Current.Kind != TokenKind.Word || tokens.Current.Text is "mtu" or "id") return (type, 0, typeToken.Text);
        var codeToken = tokens.Take();
        if (!IcmpNames.TryGetCode(typeToken.Text, codeToken.Text, ipv6, out var code))
            throw TokenReader.UnknownName(codeToken, $"code of {typeToken.Text}", IcmpNames.Codes(typeToken.Text, ipv6));
        return (type, code, $"{typeToken.Text} {codeToken.Text}");
    }

    private static uint? ReadMtu(TokenReader tokens, byte type, byte code, bool ipv6)
    {
        var word = tokens.Current;
        if (!tokens.TryTake("mtu")) return null;
        var carriesMtu = ipv6 ? type == Icmpv6Types.PacketTooBig : type == IcmpTypes.DestinationUnreachable && code == FragmentationNeeded;
        if (!carriesMtu) throw new ScriptSyntaxException(
            word.Position, ipv6 ? "only packet_too_big has an mtu" : "only unreachable frag_needed has an mtu");
        return (uint)tokens.ExpectNumber("the MTU", 0, ipv6 ? uint.MaxValue : ushort.MaxValue);
    }

    private static EchoedSpec ReadEchoed(TokenReader tokens)
    {
        if (!tokens.TryTake('[')) return EchoedSpec.Unstated;
        EchoedSpec echoed;
        if (tokens.TryTake("udp")) echoed = new EchoedSpec(EchoedKind.Udp, 0, ReadLength(tokens, 0));
        else if (tokens.TryTake("raw")) echoed = new EchoedSpec(EchoedKind.Raw, 0, ReadLength(tokens, IcmpHeader.Size));
        else
        {
            var (sequence, length) = PacketParser.ReadSequence(tokens);
            echoed = new EchoedSpec(EchoedKind.Tcp, sequence, length);
        }

        tokens.Expect(']', "behind the packet that is sent back");
        return echoed;
    }

    private static int ReadLength(TokenReader tokens, int least)
    {
        tokens.Expect('(', "before the length");
        var length = (int)tokens.ExpectNumber("the length", least, ushort.MaxValue);
        tokens.Expect(')', "behind the length");
        return length;
    }
}
