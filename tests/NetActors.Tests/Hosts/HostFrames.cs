using NetActors.Headers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Tests.Hosts;

/// <summary>Frames from 10.0.0.2 (02:00:00:00:00:fe) to the server of <see cref="Yaml"/>, 10.0.0.1 (02:00:00:00:00:01).</summary>
internal static class HostFrames
{
    public static readonly MacAddress Peer = new(0x0200_0000_00fe), Server = new(0x0200_0000_0001);
    public static readonly uint PeerAddress = Ipv4Address.Parse("10.0.0.2"), ServerAddress = Ipv4Address.Parse("10.0.0.1");

    public static FrameEnds Ends(string? source = null, string? destination = null, MacAddress? mac = null) => new(
        Peer, mac ?? Server, source is null ? PeerAddress : Ipv4Address.Parse(source),
        destination is null ? ServerAddress : Ipv4Address.Parse(destination));

    public static byte[] Udp(ushort port = 9000, int payload = 18, ushort sourcePort = 1024, FrameEnds? ends = null, ushort id = 1)
    {
        var frame = new byte[2048 + payload];
        var data = new byte[payload];
        for (var i = 0; i < payload; i++) data[i] = (byte)(i * 3);
        return frame[..FrameBuilder.WriteUdp(frame, ends ?? Ends(), sourcePort, port, data, id)];
    }

    public static byte[] Echo(ushort sequence = 1, int payload = 56, FrameEnds? ends = null)
    {
        var frame = new byte[2048];
        return frame[..FrameBuilder.WriteIcmpEcho(frame, ends ?? Ends(), false, 77, sequence, new byte[payload])];
    }

    /// <summary>The frame with its IP header changed; the checksum is made right again unless told otherwise.</summary>
    public static byte[] Ip(this byte[] frame, Action<byte[]> change, bool checksum = true)
    {
        change(frame);
        if (checksum && Ipv4Header.TryOverlay(frame.AsSpan(EthernetHeader.Size), out var ip)) ip.FillChecksum();
        return frame;
    }

    /// <summary>The frame's datagram cut into pieces of at most <paramref name="chunk"/> bytes, a multiple of 8.</summary>
    public static List<byte[]> Cut(byte[] frame, int chunk)
    {
        const int Header = EthernetHeader.Size + Ipv4Header.Size;
        Assert.True(Ipv4Header.TryOverlay(frame.AsSpan(EthernetHeader.Size), out var whole));
        var payload = frame.AsSpan(Header, whole.TotalLength - Ipv4Header.Size);
        var pieces = new List<byte[]>();
        for (var offset = 0; offset < payload.Length; offset += chunk)
        {
            var length = Math.Min(chunk, payload.Length - offset);
            byte[] piece = [.. frame[..Header], .. payload.Slice(offset, length)];
            Assert.True(Ipv4Header.TryOverlay(piece.AsSpan(EthernetHeader.Size), out var ip));
            ip.FlagsAndOffset = 0;
            (ip.FragmentOffset, ip.MoreFragments, ip.TotalLength) = (offset, offset + length < payload.Length, (ushort)(Ipv4Header.Size + length));
            ip.FillChecksum();
            if (piece.Length < EthernetHeader.MinFrameSize) Array.Resize(ref piece, EthernetHeader.MinFrameSize);
            pieces.Add(piece);
        }

        return pieces;
    }

    public static IEnumerable<(string Device, WireFrame Frame)> ToServer(params byte[][] frames) => ToServer(1000, 10_000, frames);

    public static IEnumerable<(string Device, WireFrame Frame)> ToServer(long first, long gap, params byte[][] frames) =>
        frames.Select((bytes, i) => ("server.eth0", new WireFrame(bytes, 0, bytes.Length, KernelTime.FromNanoseconds(first + (i * gap)), Id: i + 1)));

    /// <summary>The UDP payload of a frame.</summary>
    public static ReadOnlySpan<byte> Payload(byte[] frame)
    {
        Assert.True(Ipv4Header.TryOverlay(frame.AsSpan(EthernetHeader.Size), out var ip));
        return frame.AsSpan(EthernetHeader.Size + ip.HeaderLength, ip.TotalLength - ip.HeaderLength);
    }
}
