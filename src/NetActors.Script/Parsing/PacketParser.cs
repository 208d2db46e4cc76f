using NetActors.Headers;
using NetActors.Script.Syntax;

namespace NetActors.Script.Parsing;

/// <summary>Reads packets (parser.y: <c>packet_spec</c>).</summary>
internal sealed class PacketParser(TokenReader tokens, ScriptSettings settings)
{
    private const string FlagLetters = "FSRPUEWA";
    private static readonly string[] Encapsulations = ["ipv4", "ipv6", "gre", "GREv0", "mpls", "psp"];

    /// <summary>Reads a packet from its direction on.</summary>
    public PacketSpec Read()
    {
        var first = tokens.Take();
        var direction = first.Is('<') ? PacketDirection.Inbound : PacketDirection.Outbound;
        if (tokens.Current.Kind == TokenKind.Word && Array.IndexOf(Encapsulations, tokens.Current.Text) >= 0)
            throw TokenReader.Unsupported(tokens.Current, $"encapsulation in '{tokens.Current.Text}'");
        var ip = IpSpecParser.Read(tokens, direction, settings);
        if (tokens.TryTake("udp")) return ReadUdp(direction, ip, first.Position);
        if (tokens.TryTake("icmp")) return IcmpParser.Read(tokens, direction, ip, first.Position, settings.IsWireIpv6);
        return ReadTcp(direction, ip, first.Position);
    }

    /// <summary>Reads <c>first:last(length)</c>; both ends count modulo 2^32.</summary>
    public static (uint Sequence, int Length) ReadSequence(TokenReader tokens)
    {
        var position = tokens.Current.Position;
        var start = (uint)tokens.ExpectNumber("a sequence number", 0, uint.MaxValue);
        tokens.Expect(':', "between the sequence numbers");
        var end = (uint)tokens.ExpectNumber("the sequence number behind the payload", 0, uint.MaxValue);
        tokens.Expect('(', "before the length of the payload");
        var length = (int)tokens.ExpectNumber("the length of the payload", 0, ushort.MaxValue);
        tokens.Expect(')', "behind the length of the payload");
        if (end == unchecked(start + (uint)length)) return (start, length);
        throw new ScriptSyntaxException(position, $"the sequence numbers {start}:{end} and the length {length} do not fit each other");
    }

    private UdpPacketSpec ReadUdp(PacketDirection direction, IpSpec ip, ScriptPosition position)
    {
        var ports = ReadPorts();
        tokens.Expect('(', "before the length of the payload");
        var length = (int)tokens.ExpectNumber("the length of the payload", 0, ushort.MaxValue);
        tokens.Expect(')', "behind the length of the payload");
        return new UdpPacketSpec(direction, ip, ports, length, position);
    }

    private PortPair? ReadPorts()
    {
        if (tokens.Current.Kind != TokenKind.Integer) return null;
        var source = (ushort)tokens.ExpectNumber("the source port", 0, ushort.MaxValue);
        tokens.Expect('>', "between the ports");
        return new PortPair(source, (ushort)tokens.ExpectNumber("the destination port", 0, ushort.MaxValue));
    }

    private TcpPacketSpec ReadTcp(PacketDirection direction, IpSpec ip, ScriptPosition position)
    {
        var ports = ReadPorts();
        var flags = ReadFlags();
        var (sequence, length) = ReadSequence(tokens);
        var acknowledgment = tokens.TryTake("ack") ? (uint)tokens.ExpectNumber("the acknowledgement number", 0, uint.MaxValue) : 0;
        ushort? window = tokens.TryTake("win") ? (ushort)tokens.ExpectNumber("the window", 0, ushort.MaxValue) : null;
        var urgent = tokens.TryTake("urg") ? (ushort)tokens.ExpectNumber("the urgent pointer", 0, ushort.MaxValue) : (ushort)0;
        if (window is null && direction == PacketDirection.Inbound)
            throw new ScriptSyntaxException(tokens.Current.Position, "an inbound packet needs a window: win N");
        var options = TcpOptionParser.Read(tokens, direction);
        if (tokens.Current.Is('{')) throw TokenReader.Unsupported(tokens.Current, "the mutation of packets { mut ... }");
        return new TcpPacketSpec(direction, ip, ports, flags, sequence, length, acknowledgment, window, urgent, options, position);
    }

    /// <summary>Reads <c>S</c>, <c>P.</c>, <c>.</c>, or <c>-</c> for none (parser.y: <c>flags</c>).</summary>
    private TcpFlags ReadFlags()
    {
        if (tokens.TryTake('-')) return TcpFlags.None;
        var flags = TcpFlags.None;
        var any = false;
        if (tokens.TryTake(TokenKind.Word, out var word))
        {
            for (var i = 0; i < word.Text.Length; i++) flags |= Flag(word, i);
            any = true;
        }

        if (tokens.Current.Kind == TokenKind.Integer && !any) // 5. is the counter alone, P.5 and .5 have it behind
        {
            flags |= Ace(tokens.Current.Position, tokens.Take().Text);
            any = true;
        }

        if (tokens.Current.Kind == TokenKind.Float && tokens.Current.Text[0] == '.')
        {
            var counter = tokens.Take();
            return flags | TcpFlags.Ack | Ace(counter.Position, counter.Text[1..]);
        }

        if (tokens.TryTake('.')) return flags | TcpFlags.Ack;
        return any ? flags : throw tokens.Unexpected("TCP flags (such as S, P. or .), udp or icmp");
    }

    /// <summary>The counter of accurate ECN, which lies in three flags (RFC 9768 section 3.2.2).</summary>
    private static TcpFlags Ace(ScriptPosition position, string digits)
    {
        if (digits is not [>= '0' and <= '7']) throw new ScriptSyntaxException(position, $"the AccECN counter '{digits}' is not one of 0 to 7");
        var value = digits[0] - '0';
        return ((value & 4) != 0 ? TcpFlags.Ae : 0) | ((value & 2) != 0 ? TcpFlags.Cwr : 0) | ((value & 1) != 0 ? TcpFlags.Ece : 0);
    }

    private static TcpFlags Flag(Token word, int index)
    {
        var position = word.Position with { Column = word.Position.Column + index };
        return word.Text[index] switch
        {
            'F' => TcpFlags.Fin,
            'S' => TcpFlags.Syn,
            'R' => TcpFlags.Rst,
            'P' => TcpFlags.Psh,
            'U' => TcpFlags.Urg,
            'E' => TcpFlags.Ece,
            'W' => TcpFlags.Cwr,
            'A' => TcpFlags.Ae,
            >= '0' and <= '7' => Ace(position, word.Text[index].ToString()),
            var letter => throw new ScriptSyntaxException(position, $"invalid TCP flag '{letter}' (flags are {FlagLetters} and .)"),
        };
    }
}
