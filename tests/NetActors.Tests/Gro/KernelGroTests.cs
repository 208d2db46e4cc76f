using NetActors.Headers;
using NetActors.Tests.Nic;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Gro;

/// <summary>Receive offload does with random trains what the machine's own kernel does, to the byte and in the same order.</summary>
[Collection(MachineCollection.Name)]
public class KernelGroTests
{
    private const int Tries = 5; // a tick of the kernel between two frames ends what it holds

    [VethTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Random_trains_come_out_as_the_kernel_gives_them_up(int seed)
    {
        using var veth = new KernelVeth("g" + seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var random = new Random(seed);
        for (var train = 0; train < 6; train++)
        {
            var frames = Train(random);
            var mine = Mine(frames);
            var left = Tries;
            List<byte[]> kernels;
            do kernels = veth.Pass(frames);
            while (--left > 0 && !kernels.SequenceEqual(mine, ByBytes.Instance));
            Assert.Equal(Text(kernels), Text(mine));
        }
    }

    private static List<byte[]> Mine(List<byte[]> frames)
    {
        var bench = new GroBench { AnyWantsGro = true };
        foreach (var frame in frames) bench.Receive(frame);
        return [.. bench.End().Select(u => u.Frame)];
    }

    private static List<byte[]> Train(Random random)
    {
        var flows = Enumerable.Range(0, random.Next(1, 12)).Select(i => new GroFrame
        {
            SourcePort = (ushort)(1000 + i),
            Payload = random.Next(1, 1400),
            Timestamp = random.Next(2) == 0 ? null : 9,
            Protocol = (byte)(random.Next(4) == 0 ? 17 : 6),
            Id = (ushort)random.Next(65536),
            Flags = random.Next(4) == 0 ? TcpFlags.Ack | TcpFlags.Cwr : TcpFlags.Ack,
        }).ToArray();
        var frames = new List<byte[]>();
        for (var i = 0; i < 40; i++)
        {
            ref var flow = ref flows[random.Next(flows.Length)];
            var sent = random.Next(3) == 0 ? Mutate(flow, random) : flow;
            frames.Add(sent.ToBytes());
            flow = flow.Next();
        }

        return frames;
    }

    private static GroFrame Mutate(GroFrame f, Random random) => random.Next(18) switch
    {
        0 => f with { Acknowledgment = f.Acknowledgment + 1 },
        1 => f with { Window = (ushort)(f.Window + 1) },
        2 => f with { Timestamp = 10 },
        3 => f with { Flags = f.Flags | TcpFlags.Psh },
        4 => f with { Flags = f.Flags | TcpFlags.Fin },
        5 => f with { Flags = f.Flags | TcpFlags.Urg },
        6 => f with { Flags = f.Flags ^ TcpFlags.Cwr },
        7 => f with { Flags = TcpFlags.Syn },
        8 => f with { Payload = Math.Max(1, f.Payload - 7) },
        9 => f with { Payload = f.Payload + 3 },
        10 => f with { Payload = 0 },
        11 => f with { Ttl = 3 },
        12 => f with { Tos = 3 },
        13 => f with { DontFragment = false },
        14 => f with { Id = (ushort)(f.Id - 1) },
        15 => f with { IpOptions = 4 },
        16 => f with { BadChecksum = true },
        _ => f with { Padding = 5 },
    };

    private static string Text(List<byte[]> frames) => string.Join('\n', frames.Select(Describe));

    private static string Describe(byte[] f)
    {
        var at = 14 + ((f[14] & 15) * 4);
        var port = (f[at] << 8) | f[at + 1];
        var head = $"{(f[23] == 6 ? "tcp" : "udp")} {port} ip {Convert.ToHexStringLower(f.AsSpan(14, 12))}";
        return $"{head} l4 {Convert.ToHexStringLower(f.AsSpan(at + 4, Math.Min(16, f.Length - at - 4)))} {f.Length} bytes, {Frames.Checksum(f):x4}";
    }

    private sealed class ByBytes : IEqualityComparer<byte[]>
    {
        public static readonly ByBytes Instance = new();

        public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode(byte[] bytes) => bytes.Length;
    }
}
