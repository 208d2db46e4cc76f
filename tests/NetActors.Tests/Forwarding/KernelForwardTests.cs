using System.Buffers.Binary;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Tests.Gro;
using NetActors.Tests.Hosts;
using NetActors.Tests.Simulations;
using NetActors.Time;

namespace NetActors.Tests.Forwarding;

/// <summary>A router sends on, cuts, refuses and counts as the machine's own kernel does, to the byte.</summary>
[Collection(MachineCollection.Name)]
public class KernelForwardTests
{
    private static readonly IpMib[] Counted =
    [
        IpMib.InReceives, IpMib.InHdrErrors, IpMib.InAddrErrors, IpMib.ForwDatagrams, IpMib.InDelivers, IpMib.InDiscards, IpMib.OutRequests,
        IpMib.FragOKs, IpMib.FragFails, IpMib.FragCreates, IpMib.OutTransmits,
    ];

    [VethTheory]
    [InlineData(1, 1500)]
    [InlineData(2, 1500)]
    [InlineData(3, 1000)]
    [InlineData(4, 1000)]
    [InlineData(5, 577)]
    [InlineData(6, 68)]
    public void Random_packets_come_out_and_are_counted_as_by_the_kernel(int seed, int mtu)
    {
        var frames = RouterFrames.Random(seed, 250);
        using var kernel = new KernelRouter($"f{seed}", mtu);
        var (back, on) = kernel.Pass(frames);
        using var mine = new Running(RouterYaml.Text(mtu), frames: frames.Select((f, i) => ("router.eth0", Frame(f, i))), capture: true);
        mine.Until(90_000_000);
        Assert.Equal(Text(on), Text(mine.Captured.Sent(1)));
        Assert.Equal(Text(back), Text(mine.Captured.Sent(0)));
        foreach (var counter in Counted) Assert.Equal((counter, kernel.Counter("Ip", counter.ToString())), (counter, mine.Mib[counter]));
        foreach (var counter in (IpExtMib[])[IpExtMib.InOctets, IpExtMib.OutOctets, IpExtMib.InNoRoutes, IpExtMib.InTruncatedPkts])
            Assert.Equal((counter, kernel.Counter("IpExt", counter.ToString())), (counter, mine.Mib[counter]));
    }

    [VethTheory]
    [InlineData("10.7.0.9", "10.30.0.1")] // no way: two limits, on one bucket
    [InlineData("10.1.0.2", "10.8.0.1")] // a better way: once, then ever later
    [InlineData("10.7.0.9", "10.8.0.1")] // for who is on the link only
    public void A_host_is_told_no_more_often_than_by_the_kernel(string source, string destination)
    {
        var frames = Enumerable.Range(0, 20).Select(i => RouterFrames.Udp(destination, source: source, id: (ushort)i)).ToArray();
        using var kernel = new KernelRouter("l", rateLimit: 1000);
        using var mine = new Running(RouterYaml.Text(rateLimit: 1000), frames: frames.Select((f, i) => ("router.eth0", Frame(f, i))), capture: true);
        mine.Until(1_000_000);
        var told = Text(mine.Captured.Sent(0));
        Assert.Equal(source == "10.7.0.9" && destination == "10.8.0.1", !told.Contains("080045c0", StringComparison.Ordinal));
        Assert.Equal(Text(kernel.Pass(frames).Back), told);
    }

    [VethTheory]
    [InlineData(1, "", false)]
    [InlineData(2, "tso: off", false)]
    [InlineData(3, "tso: off, gso: off", false)]
    [InlineData(4, "tx: off", false)]
    [InlineData(5, "", true)]
    [InlineData(6, "tx-udp-segmentation: off", true)]
    public void Trains_are_merged_and_leave_as_by_the_kernel(int seed, string egress, bool isUdpToo)
    {
        const int Tries = 5; // a tick of the kernel between two frames ends what it holds
        using var kernel = new KernelRouter($"g{seed}", gro: true, more: isUdpToo ? "rx-udp-gro-forwarding on" : "");
        var random = new Random(seed);
        var all = 0L;
        for (var train = 0; train < 4; train++)
        {
            var frames = Train(random);
            var mine = Text(Merged(frames, egress, isUdpToo, out var merged));
            string kernels;
            var left = Tries;
            do kernels = Text(kernel.Pass(frames).On);
            while (--left > 0 && kernels != mine);
            Assert.Equal(kernels, mine);
            all += merged;
        }

        Assert.True(all > 0);
    }

    private static List<byte[]> Train(Random random) =>
        [.. GroTrains.Next(random).Select(f => (f with { Network = 0x0A07_0000, Destination = 0x0A09_0002 }).ToBytes())];

    private static List<byte[]> Merged(List<byte[]> frames, string egress, bool isUdpToo, out long merged)
    {
        var yaml = RouterYaml.Text(features: "gro: on, rxhash: off" + (isUdpToo ? ", rx-udp-gro-forwarding: on" : ""), egress: egress.Length > 0 ? ", " + egress : "", napi: "gro_flush_timeout: 30ms");
        using var run = new Running(yaml, frames: frames.Select((f, i) => ("router.eth0", Frame(f, i, 100))), capture: true);
        run.Until(200_000);
        merged = run.Device("eth0").Queues.Sum(q => q.GroMerged);
        return [.. run.Captured.Sent(1)];
    }

    internal static WireFrame Frame(byte[] bytes, int i, int gap = 20_000) => new(bytes, 0, bytes.Length, KernelTime.FromNanoseconds(1000 + (i * gap)), Id: i + 1);

    /// <summary>Frames in words, those of ICMP errors without the identification, which is random.</summary>
    internal static string Text(IEnumerable<byte[]> frames) => string.Join('\n', frames.Where(f => f[12] == 8 && f[13] == 0).Select(Describe));

    private static string Describe(byte[] frame)
    {
        frame = [.. frame];
        var ip = frame.AsSpan(14);
        var total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (ip[9] == 1 && ip[20] is 3 or 5 or 11 or 12 && (ip[12], ip[14], ip[15]) == (10, 0, 1)) ip[4] = ip[5] = ip[10] = ip[11] = 0;
        return Convert.ToHexStringLower(frame.AsSpan(0, Math.Min(frame.Length, 14 + total)));
    }
}
