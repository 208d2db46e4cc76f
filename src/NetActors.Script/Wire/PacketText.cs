using System.Text;
using NetActors.Headers;
using NetActors.Script.Syntax;

namespace NetActors.Script.Wire;

/// <summary>Packets as scripts write them.</summary>
internal static class PacketText
{
    private static readonly (TcpFlags Flag, char Letter)[] Letters =
    [
        (TcpFlags.Fin, 'F'), (TcpFlags.Syn, 'S'), (TcpFlags.Rst, 'R'), (TcpFlags.Psh, 'P'), (TcpFlags.Urg, 'U'), (TcpFlags.Ece, 'E'),
        (TcpFlags.Cwr, 'W'), (TcpFlags.Ae, 'A'), (TcpFlags.Ack, '.'),
    ];

    /// <summary>A packet of a script.</summary>
    public static string Of(PacketSpec spec) => IpText(spec.Ip) + spec switch
    {
        TcpPacketSpec tcp => PortText(tcp.Ports) + Tcp(
            tcp.Flags, tcp.Sequence, tcp.PayloadLength, tcp.Acknowledgment, tcp.Window, tcp.UrgentPointer, tcp.Options),
        UdpPacketSpec udp => $"udp {PortText(udp.Ports)}({udp.PayloadLength})",
        IcmpPacketSpec icmp => Icmp(icmp),
        _ => "",
    };

    /// <summary>A packet of the wire, its numbers translated; of the IP header what the script states of it.</summary>
    public static string Of(WirePacket packet, IpSpec stated)
    {
        var ip = stated with
        {
            TosCheck = stated.TosCheck == TosCheck.EctEither ? TosCheck.Ecn : stated.TosCheck,
            Tos = (byte)(stated.TosCheck == TosCheck.Tos ? packet.Tos : packet.Tos & 3),
            Ttl = stated.Ttl is null ? null : packet.Ttl,
            FlowLabel = stated.FlowLabel is null ? null : packet.FlowLabel,
        };
        if (packet.IsTcp) return IpText(ip) + Tcp(
            packet.Flags, packet.Sequence, packet.Payload.Length, packet.Acknowledgment, packet.Window, packet.UrgentPointer,
                packet.Options);
        return IpText(ip) + (packet.IsUdp ? $"udp ({packet.Payload.Length})" : $"icmp type_{packet.IcmpType} code_{packet.IcmpCode}");
    }

    /// <summary>The options between their brackets.</summary>
    public static string Options(IReadOnlyList<TcpOptionSpec> options) => $"<{string.Join(',', options.Select(Option))}>";

    /// <summary>One option.</summary>
    public static string Option(TcpOptionSpec option) => option switch
    {
        NopOption => "nop",
        EndOption => "eol",
        MssOption mss => $"mss {mss.Bytes}",
        WindowScaleOption scale => $"wscale {scale.Shift}",
        SackPermittedOption => "sackOK",
        SackOption sack => "sack " + string.Join(' ', sack.Blocks.Select(static block => $"{block.Left}:{block.Right}")),
        TimestampOption timestamp => $"TS val {timestamp.Value} ecr {timestamp.Echo}",
        FastOpenOption cookie => Hex(cookie.IsExperimental ? "FOEXP" : "FO", cookie.Cookie),
        RawOption { OptionKind: TcpOptionKinds.Md5 } md5 => Hex("md5", md5.Data),
        RawOption raw => Hex($"unknown {raw.OptionKind}", raw.Data),
        _ => "?",
    };

    /// <summary>The flags; a dash for none.</summary>
    public static string FlagText(TcpFlags flags)
    {
        var text = string.Concat(Letters.Where(pair => (flags & pair.Flag) != 0).Select(static pair => pair.Letter));
        return text.Length == 0 ? "-" : text;
    }

    private static string Tcp(
        TcpFlags flags, uint sequence, int length, uint acknowledgment, ushort? window, ushort urgent,
            IReadOnlyList<TcpOptionSpec>? options)
    {
        var text = new StringBuilder($"{FlagText(flags)} {sequence}:{unchecked(sequence + (uint)length)}({length})");
        if ((flags & TcpFlags.Ack) != 0 || acknowledgment != 0) text.Append($" ack {acknowledgment}");
        if (window is { } bytes) text.Append($" win {bytes}");
        if (urgent != 0) text.Append($" urg {urgent}");
        if (options is null) text.Append(" <...>");
        else if (options.Count > 0) text.Append(' ').Append(Options(options));
        return text.ToString();
    }

    private static string Icmp(IcmpPacketSpec icmp)
    {
        var text = new StringBuilder($"icmp {icmp.TypeText}");
        if (icmp.Mtu is { } mtu) text.Append($" mtu {mtu}");
        if (icmp.EchoId is { } id) text.Append($" id {id}");
        var echoed = icmp.Echoed;
        if (echoed != EchoedSpec.Unstated) text.Append(echoed.Kind switch
        {
            EchoedKind.Udp => $" [udp ({echoed.PayloadLength})]",
            EchoedKind.Raw => $" [raw ({echoed.PayloadLength})]",
            _ => $" [{echoed.Sequence}:{unchecked(echoed.Sequence + (uint)echoed.PayloadLength)}({echoed.PayloadLength})]",
        });
        return text.ToString();
    }

    private static string IpText(IpSpec ip)
    {
        var items = new List<string>();
        if (ip.TosCheck == TosCheck.Ecn) items.Add(((string[])["noecn", "ect1", "ect0", "ce"])[ip.Tos & 3]);
        if (ip.TosCheck == TosCheck.EctEither) items.Add("ect01");
        if (ip.TosCheck == TosCheck.Tos) items.Add($"tos 0x{ip.Tos:x2}");
        if (ip.Ttl is { } ttl) items.Add($"ttl {ttl}");
        if (ip.FlowLabel is { } label) items.Add($"flowlabel 0x{label:x}");
        return items.Count == 0 ? "" : $"[{string.Join(',', items)}] ";
    }

    private static string PortText(PortPair? ports) => ports is null ? "" : $"{ports.Source}>{ports.Destination} ";

    private static string Hex(string name, IReadOnlyList<byte> bytes) =>
        bytes.Count == 0 ? name : $"{name} {Convert.ToHexStringLower([.. bytes])}";
}
