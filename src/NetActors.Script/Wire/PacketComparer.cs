using NetActors.Headers;
using NetActors.Script.Syntax;
using NetActors.Time;

namespace NetActors.Script.Wire;

/// <summary>
/// Compares a packet that the stack has sent, its numbers translated, with what the script says (packetdrill: run_packet.c,
/// <c>verify_outbound_live_packet</c>). Each method answers what differs, or null.
/// </summary>
internal static class PacketComparer
{
    private const int EchoedTransportBytes = 8; // what scripts count of the header behind IP (RFC 792)

    /// <summary>The first difference of any kind; null when there is none.</summary>
    public static string? Compare(PacketSpec spec, WirePacket packet, ScriptSettings settings) => CompareIp(spec.Ip, packet) ?? spec switch
    {
        TcpPacketSpec tcp => packet.IsTcp ? CompareTcp(tcp, packet, settings) : Protocol("TCP", packet),
        UdpPacketSpec udp => packet.IsUdp ? CompareUdp(udp, packet) : Protocol("UDP", packet),
        IcmpPacketSpec icmp => packet.IsIcmp ? CompareIcmp(icmp, packet) : Protocol("ICMP", packet),
        _ => "no such packet",
    };

    /// <summary>True when a segment can be the continuation of data whose first part was <paramref name="before"/>.</summary>
    public static bool IsContinuation(WirePacket before, WirePacket next)
    {
        const TcpFlags MayDiffer = TcpFlags.Psh | TcpFlags.Fin | TcpFlags.Cwr;
        return next.IsTcp
            && next.Sequence == unchecked(before.Sequence + (uint)before.Payload.Length)
            && next.Acknowledgment == before.Acknowledgment
            && (next.Flags & ~MayDiffer) == (before.Flags & ~MayDiffer);
    }

    private static string Protocol(string expected, WirePacket packet) =>
        $"expected {expected}, the stack sent {(packet.IsTcp ? "TCP" : packet.IsUdp ? "UDP" : "ICMP")}";

    private static string? CompareIp(IpSpec spec, WirePacket packet)
    {
        if (packet.IpHeaderLength != (packet.IsIpv6 ? Ipv6Header.Size : Ipv4Header.Size))
            return Differ("ip_header_length", Ipv4Header.Size, packet.IpHeaderLength);
        var ecn = packet.Tos & 3;
        var tos = spec.TosCheck switch
        {
            TosCheck.Ecn when ecn != spec.Tos => Differ("ip_ecn", spec.Tos, (uint)ecn),
            TosCheck.EctEither when ecn is not (1 or 2) => $"ip_ecn: expected 1 or 2, actual {ecn}",
            TosCheck.Tos when packet.Tos != spec.Tos => Differ("ip_tos", spec.Tos, packet.Tos),
            _ => null,
        };
        return tos ?? (spec.Ttl is { } ttl && ttl != packet.Ttl ? Differ("ip_ttl", ttl, packet.Ttl) : null);
    }

    private static string? CompareTcp(TcpPacketSpec spec, WirePacket packet, ScriptSettings settings)
    {
        if (spec.Flags != packet.Flags)
            return $"tcp_flags: expected {PacketText.FlagText(spec.Flags)}, actual {PacketText.FlagText(packet.Flags)}";
        if (packet.ReservedBits != 0) return Differ("tcp_reserved_bits", 0, packet.ReservedBits);
        if (spec.Sequence != packet.Sequence) return Differ("tcp_seq", spec.Sequence, packet.Sequence);
        if (spec.PayloadLength != packet.Payload.Length) return Differ("tcp_payload_length", (uint)spec.PayloadLength,
            (uint)packet.Payload.Length);
        if (spec.Acknowledgment != packet.Acknowledgment) return Differ("tcp_ack_seq", spec.Acknowledgment, packet.Acknowledgment);
        if (spec.Window is { } window && window != packet.Window) return Differ("tcp_window", window, packet.Window);
        if (spec.UrgentPointer != packet.UrgentPointer) return Differ("tcp_urg_ptr", spec.UrgentPointer, packet.UrgentPointer);
        return CompareOptions(spec.Options, packet.Options, settings) ?? ComparePayload(packet);
    }

    private static string? CompareUdp(UdpPacketSpec spec, WirePacket packet) => spec.PayloadLength == packet.Payload.Length
        ? ComparePayload(packet)
        : Differ("udp_payload_length", (uint)spec.PayloadLength, (uint)packet.Payload.Length);

    private static string? CompareIcmp(IcmpPacketSpec spec, WirePacket packet)
    {
        if (spec.Type != packet.IcmpType) return Differ("icmp_type", spec.Type, packet.IcmpType);
        if (spec.Code != packet.IcmpCode) return Differ("icmp_code", spec.Code, packet.IcmpCode);
        if (spec.EchoId is { } id && id != packet.IcmpRest >> 16) return Differ("icmp_id", id, packet.IcmpRest >> 16);
        var mtu = packet.IsIpv6 ? packet.IcmpRest : packet.IcmpRest & 0xFFFF;
        if (spec.Mtu is { } expected && expected != mtu) return Differ("icmp_mtu", expected, mtu);
        if (spec.Echoed == EchoedSpec.Unstated) return null;
        var length = spec.Echoed.Kind == EchoedKind.Raw
            ? spec.Echoed.PayloadLength - IcmpHeader.Size
            : packet.IpHeaderLength + EchoedTransportBytes + spec.Echoed.PayloadLength;
        return length == packet.Payload.Length ? null : Differ("icmp_payload_length", length, packet.Payload.Length);
    }

    /// <summary>
    /// Same options, same order (packetdrill: <c>verify_outbound_live_tcp_options</c>); the timestamp echo is not compared.
    /// </summary>
    private static string? CompareOptions(IReadOnlyList<TcpOptionSpec>? expected, IReadOnlyList<TcpOptionSpec> actual,
        ScriptSettings settings)
    {
        if (expected is null) return null;
        if (!expected.Select(static option => option.Kind).SequenceEqual(actual.Select(static option => option.Kind)))
            return $"tcp_options: expected {PacketText.Options(expected)}, actual {PacketText.Options(actual)}";
        foreach (var (wanted, found) in expected.Zip(actual))
        {
            var isSame = wanted is TimestampOption before && found is TimestampOption after
                ? IsTimestampGood(before, after, settings)
                : TcpOptionCodec.Write([wanted]).AsSpan().SequenceEqual(TcpOptionCodec.Write([found]));
            if (!isSame) return $"tcp_option: expected {PacketText.Option(wanted)}, actual {PacketText.Option(found)}";
        }

        return null;
    }

    private static bool IsTimestampGood(TimestampOption expected, TimestampOption actual, ScriptSettings settings)
    {
        if (settings.TimestampTickMicroseconds == 0) return true;
        var ticks = Math.Abs((long)unchecked((int)(actual.Value - expected.Value)));
        return KernelTime.FromMicroseconds(ticks * settings.TimestampTickMicroseconds) <= settings.Tolerance;
    }

    /// <summary>What scripts write is zeros.</summary>
    private static string? ComparePayload(WirePacket packet)
    {
        var wrong = packet.Payload.Span.IndexOfAnyExcept((byte)0);
        return wrong < 0 ? null : $"payload: byte {wrong} is 0x{packet.Payload.Span[wrong]:x2}, not what was written";
    }

    private static string Differ(string field, uint expected, uint actual) =>
        $"{field}: expected {expected} (0x{expected:x}), actual {actual} (0x{actual:x})";

    private static string Differ(string field, int expected, int actual) => Differ(field, (uint)expected, (uint)actual);
}
