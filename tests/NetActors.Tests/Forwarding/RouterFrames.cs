using System.Buffers.Binary;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Forwarding;

/// <summary>Frames to the eth0 of a router, most of which it should send on.</summary>
internal static class RouterFrames
{
    private static readonly string[] Destinations =
    [
        "10.2.0.2", "10.2.0.3", "10.9.3.4", "10.20.0.1", "10.2.0.2", "10.9.1.1", "10.2.0.2", // sent on by eth1
        "10.8.0.1", "10.1.0.2", // back by eth0
        "10.30.0.1", "10.31.0.1", "10.32.0.1", "172.16.0.1", // refused
        "10.2.0.255", "127.0.0.1", "224.0.0.9", "240.0.0.1", "0.1.2.3",
    ];

    /// <summary>One datagram.</summary>
    public static byte[] Udp(string destination, int payload = 100, byte ttl = 64, bool df = false, string source = "10.7.0.9", ushort id = 7) =>
        HostFrames.Udp(9000, payload, 1024, RouterYaml.Ends(source, destination), id).Ip(f => (f[20], f[22]) = ((byte)(df ? 0x40 : 0), ttl));

    public static byte[][] Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => One(random, i))];
    }

    private static byte[] One(Random random, int i)
    {
        var destination = Destinations[random.Next(random.Next(2) == 0 ? 7 : Destinations.Length)];
        var source = random.Next(20) switch
        {
            0 => "127.0.0.5",
            1 => "10.1.0.1",
            2 => "224.1.1.1",
            3 => "0.0.0.0",
            _ => $"10.7.{i / 250}.{i % 250}", // one each: nobody is told less for what another sent
        };
        var payload = random.Next(4) == 0 ? random.Next(1200, 1473) : random.Next(0, 900);
        var frame = Udp(destination, payload, (byte)(random.Next(8) == 0 ? random.Next(3) : random.Next(2, 256)), random.Next(2) == 0, source, (ushort)random.Next(65536));
        frame[15] = (byte)random.Next(256);
        if (random.Next(6) == 0) // of no packet that is refused: the emulator's errors do not bear its options on
            return WithOptions(Udp(Destinations[random.Next(7)], payload, (byte)random.Next(2, 256), id: (ushort)random.Next(65536)), random).Ip(_ => { });
        frame.Ip(_ => { });
        switch (random.Next(24))
        {
            case 0: frame[24] ^= 1; break; // header checksum
            case 1: frame.Ip(f => f[14] = 0x55); break;
            case 2: frame.Ip(f => f[14] = 0x44); break;
            case 3: frame.Ip(f => f[16] += 8); break; // longer than it is
            case 4: frame.Ip(f => (f[20], f[21]) = (0x20, 0)); break; // fragments
            case 5: frame.Ip(f => (f[20], f[21]) = ((byte)random.Next(0x20), (byte)random.Next(256))); break;
            case 6: frame.Ip(f => (f[20], f[21]) = ((byte)(0x20 | random.Next(0x20)), (byte)random.Next(256))); break;
            case 7: frame = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. frame[6..]]; break;
            case 8: frame = [.. frame, .. new byte[9]]; break; // padding
            case 9: frame[40] ^= 0x55; break; // transport checksum: none of a router's business
        }

        return frame;
    }

    private static byte[] WithOptions(byte[] frame, Random random)
    {
        byte[] options = random.Next(9) switch
        {
            0 => [7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            1 => [7, 11, 8, 1, 2, 3, 4, 0, 0, 0, 0, 0],
            2 => [7, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 0], // full
            3 => [7, 11, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0], // broken
            4 => [1, 1, 1, 1],
            5 => [148, 4, 0, 0],
            6 => [131, 7, 4, 10, 2, 0, 2, 0], // source route
            7 => [68, 8, 9, 0x30, 0, 0, 0, 5], // time stamps, full
            _ => [.. Enumerable.Range(0, 4 * random.Next(1, 11)).Select(_ => (byte)random.Next(256))],
        };
        byte[] with = [.. frame[..34], .. options, .. frame[34..]];
        with[14] = (byte)(0x45 + (options.Length / 4));
        BinaryPrimitives.WriteUInt16BigEndian(with.AsSpan(16), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(16)) + options.Length));
        return with;
    }
}
