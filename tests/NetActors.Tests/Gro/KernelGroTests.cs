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
            var frames = GroTrains.Next(random).Select(f => f.ToBytes()).ToList();
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
