using System.Buffers.Binary;
using System.Net;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Tests.Nic;

/// <summary>Frames with right lengths and checksums, to the device address 02:00:00:00:00:01.</summary>
internal static class Frames
{
    public const ulong Device = 0x0200_0000_0001;

    public static byte[] Udp(string source, ushort sourcePort, string destination, ushort destinationPort, int payload = 18, int? vlan = null) =>
        Build(17, source, sourcePort, destination, destinationPort, payload, vlan);

    public static byte[] Tcp(string source, ushort sourcePort, string destination, ushort destinationPort, int payload = 6, int? vlan = null) =>
        Build(6, source, sourcePort, destination, destinationPort, payload, vlan);

    public static byte[] Flow(int flow, int payload = 18) => Udp("10.0.0.1", (ushort)(1024 + flow), "10.0.0.2", 9000, payload);

    public static byte[] Arp()
    {
        var frame = new byte[60];
        frame.AsSpan(0, 6).Fill(0xFF);
        frame[12] = 0x08;
        frame[13] = 0x06;
        return frame;
    }

    public static WireFrame At(this byte[] bytes, long nanoseconds) => new(bytes, 0, bytes.Length, KernelTime.FromNanoseconds(nanoseconds));

    public static ushort Checksum(ReadOnlySpan<byte> bytes, uint sum = 0)
    {
        for (var i = 0; i < bytes.Length; i++) sum += (uint)(bytes[i] << ((i & 1) == 0 ? 8 : 0));
        while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private static byte[] Build(byte protocol, string source, ushort sourcePort, string destination, ushort destinationPort, int payload, int? vlan)
    {
        byte[] from = IPAddress.Parse(source).GetAddressBytes(), to = IPAddress.Parse(destination).GetAddressBytes();
        int ip = vlan is null ? 14 : 18, header = from.Length == 4 ? 20 : 40, transport = protocol == 6 ? 20 : 8, l4 = ip + header;
        var frame = new byte[l4 + transport + payload];
        BinaryPrimitives.WriteUInt64BigEndian(frame, Device << 16);
        frame[6] = 2;
        var type = (ushort)(from.Length == 4 ? 0x0800 : 0x86DD);
        if (vlan is { } tci)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x8100);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14), (ushort)tci);
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(ip - 2), type);
        if (from.Length == 4)
        {
            frame[ip] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(ip + 2), (ushort)(frame.Length - ip));
            (frame[ip + 8], frame[ip + 9]) = (64, protocol);
            from.CopyTo(frame, ip + 12);
            to.CopyTo(frame, ip + 16);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(ip + 10), Checksum(frame.AsSpan(ip, 20)));
        }
        else
        {
            frame[ip] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(ip + 4), (ushort)(transport + payload));
            (frame[ip + 6], frame[ip + 7]) = (protocol, 64);
            from.CopyTo(frame, ip + 8);
            to.CopyTo(frame, ip + 24);
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(l4), sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(l4 + 2), destinationPort);
        for (var i = 0; i < payload; i++) frame[l4 + transport + i] = (byte)(i * 7);
        if (protocol == 17) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(l4 + 4), (ushort)(8 + payload));
        else frame[l4 + 12] = 0x50;
        var pseudo = (uint)(protocol + transport + payload) + (uint)(ushort)~Checksum(from) + (ushort)~Checksum(to);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(l4 + (protocol == 17 ? 6 : 16)), Checksum(frame.AsSpan(l4), pseudo));
        return frame;
    }
}
