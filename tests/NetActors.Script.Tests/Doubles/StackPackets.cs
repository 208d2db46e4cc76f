using NetActors.Headers;

namespace NetActors.Script.Tests.Doubles;

/// <summary>
/// Packets as a stack sends them, made with the stack's own header views: 192.168.0.2 to 192.0.2.1, or their IPv6 counterparts.
/// </summary>
internal static class StackPackets
{
    public static readonly uint Local = Ipv4Address.Parse("192.168.0.2");
    public static readonly uint Remote = Ipv4Address.Parse("192.0.2.1");
    public static readonly UInt128 Local6 = Ipv6Address.Parse("fd3d:fa7b:d17d::2");
    public static readonly UInt128 Remote6 = Ipv6Address.Parse("2001:db8::1");

    public static byte[] Tcp(
        ushort from, ushort to, TcpFlags flags, uint sequence, uint acknowledgment, int payload = 0, ushort window = 65535,
            string options = "",
        byte tos = 0, byte fill = 0, ushort urgent = 0)
    {
        var optionBytes = Convert.FromHexString(options);
        var bytes = new byte[20 + 20 + optionBytes.Length + payload];
        WriteTcp(bytes.AsSpan(20), from, to, flags, sequence, acknowledgment, window, optionBytes, urgent);
        bytes.AsSpan(40 + optionBytes.Length).Fill(fill);
        _ = TcpHeader.TryParse(bytes.AsSpan(20), out var tcp);
        tcp.FillChecksum(Local, Remote);
        WriteIpv4(bytes, IpProtocols.Tcp, tos);
        return bytes;
    }

    public static byte[] Tcp6(ushort from, ushort to, TcpFlags flags, uint sequence, uint acknowledgment, string options, uint flowLabel)
    {
        var optionBytes = Convert.FromHexString(options);
        var bytes = new byte[40 + 20 + optionBytes.Length];
        WriteTcp(bytes.AsSpan(40), from, to, flags, sequence, acknowledgment, 65535, optionBytes, 0);
        _ = TcpHeader.TryParse(bytes.AsSpan(40), out var tcp);
        tcp.FillChecksum(Local6, Remote6);
        _ = Ipv6Header.TryOverlay(bytes, out var ip);
        ip.Version = 6;
        ip.FlowLabel = flowLabel;
        ip.PayloadLength = (ushort)(bytes.Length - 40);
        ip.NextHeader = IpProtocols.Tcp;
        ip.HopLimit = 64;
        ip.SourceAddress = Local6;
        ip.DestinationAddress = Remote6;
        return bytes;
    }

    public static byte[] Udp(ushort from, ushort to, int payload)
    {
        var bytes = new byte[28 + payload];
        _ = UdpHeader.TryOverlay(bytes.AsSpan(20), out var udp);
        udp.SourcePort = from;
        udp.DestinationPort = to;
        udp.Length = (ushort)(8 + payload);
        udp.FillChecksum(Local, Remote);
        WriteIpv4(bytes, IpProtocols.Udp, 0);
        return bytes;
    }

    public static byte[] IcmpEchoRequest(ushort id)
    {
        var bytes = new byte[20 + 16];
        _ = IcmpHeader.TryParse(bytes.AsSpan(20), out var icmp);
        icmp.Type = IcmpTypes.Echo;
        icmp.Identifier = id;
        icmp.FillChecksum();
        WriteIpv4(bytes, IpProtocols.Icmp, 0);
        return bytes;
    }

    private static void WriteTcp(
        Span<byte> segment, ushort from, ushort to, TcpFlags flags, uint sequence, uint acknowledgment, ushort window, byte[] options,
            ushort urgent)
    {
        _ = TcpHeader.TryOverlay(segment, out var tcp);
        tcp.SourcePort = from;
        tcp.DestinationPort = to;
        tcp.Sequence = sequence;
        tcp.Acknowledgment = acknowledgment;
        tcp.DataOffset = (byte)(5 + (options.Length / 4));
        tcp.Flags = flags;
        tcp.Window = window;
        tcp.UrgentPointer = urgent;
        options.CopyTo(segment[20..]);
    }

    private static void WriteIpv4(byte[] bytes, byte protocol, byte tos)
    {
        _ = Ipv4Header.TryOverlay(bytes, out var ip);
        ip.Version = 4;
        ip.Ihl = 5;
        ip.Tos = tos;
        ip.TotalLength = (ushort)bytes.Length;
        ip.Ttl = 64;
        ip.Protocol = protocol;
        ip.SourceAddress = Local;
        ip.DestinationAddress = Remote;
        ip.FillChecksum();
    }
}
