using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Tests.Nic;

namespace NetActors.Tests.Gro;

/// <summary>A TCP or UDP frame by its fields, to be varied one by one.</summary>
internal sealed record GroFrame
{
    public byte Protocol { get; init; } = 6;

    public byte Tos { get; init; }

    public byte Ttl { get; init; } = 64;

    public ushort Id { get; init; }

    public bool DontFragment { get; init; } = true;

    public bool MoreFragments { get; init; }

    public int IpOptions { get; init; }

    public byte LastOctet { get; init; } = 1;

    /// <summary>Source network and destination, in host order.</summary>
    public uint Network { get; init; } = 0x0A00_0000;

    public uint Destination { get; init; } = 0x0A00_0002;

    public ushort SourcePort { get; init; } = 1000;

    public uint Sequence { get; init; } = 1;

    public uint Acknowledgment { get; init; } = 1;

    public TcpFlags Flags { get; init; } = TcpFlags.Ack;

    public ushort Window { get; init; } = 500;

    public uint? Timestamp { get; init; }

    public int Payload { get; init; } = 100;

    public int Padding { get; init; }

    public bool BadChecksum { get; init; }

    public bool NoChecksum { get; init; }

    /// <summary>The segment that follows, one identification on.</summary>
    public GroFrame Next() => this with { Sequence = Sequence + (uint)Payload, Id = (ushort)(Id + 1) };

    public byte[] ToBytes()
    {
        var options = Timestamp is null ? 0 : 12;
        var header = Protocol == 6 ? TcpHeader.Size + options : UdpHeader.Size;
        var ip = Ipv4Header.Size + IpOptions;
        var frame = new byte[14 + ip + header + Payload + Padding];
        BinaryPrimitives.WriteUInt64BigEndian(frame, Frames.Device << 16);
        frame[6] = 2;
        frame[12] = 8;
        var network = frame.AsSpan(14, ip + header + Payload);
        network[0] = (byte)(0x40 | (ip / 4));
        network[1] = Tos;
        BinaryPrimitives.WriteUInt16BigEndian(network[2..], (ushort)network.Length);
        BinaryPrimitives.WriteUInt16BigEndian(network[4..], Id);
        network[6] = (byte)((DontFragment ? 0x40 : 0) | (MoreFragments ? 0x20 : 0));
        (network[8], network[9]) = (Ttl, Protocol);
        BinaryPrimitives.WriteUInt32BigEndian(network[12..], Network | LastOctet);
        BinaryPrimitives.WriteUInt32BigEndian(network[16..], Destination);
        network[20..ip].Fill(1); // no operation
        BinaryPrimitives.WriteUInt16BigEndian(network[10..], Frames.Checksum(network[..ip]));
        var transport = network[ip..];
        for (var i = 0; i < Payload; i++) transport[header + i] = (byte)(Sequence + i);
        BinaryPrimitives.WriteUInt16BigEndian(transport, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], 9000);
        if (Protocol == 6) WriteTcp(transport, header);
        else BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
        var pseudo = InternetChecksum.PseudoHeader(Network | LastOctet, Destination, Protocol, transport.Length);
        var sum = InternetChecksum.Fold(InternetChecksum.Partial(transport, pseudo));
        if (sum == 0 && Protocol == 17) sum = 0xFFFF; // 0 says that there is none (RFC 768)
        if (!NoChecksum) BinaryPrimitives.WriteUInt16BigEndian(transport[(Protocol == 6 ? 16 : 6)..], (ushort)(BadChecksum ? sum ^ 1 : sum));
        return frame;
    }

    private void WriteTcp(Span<byte> tcp, int header)
    {
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], Acknowledgment);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[12..], (ushort)((header / 4 << 12) | (int)Flags));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], Window);
        if (Timestamp is not { } stamp) return;
        (tcp[20], tcp[21], tcp[22], tcp[23]) = (1, 1, 8, 10);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[24..], stamp);
        tcp[31] = 1;
    }
}
