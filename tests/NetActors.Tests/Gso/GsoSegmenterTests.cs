using System.Buffers.Binary;
using CsCheck;
using NetActors.Buffers;
using NetActors.Gso;
using NetActors.Headers;
using NetActors.Tests.Gro;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Gso;

/// <summary>Large packets cut into frames (specification section 8.7): by themselves, against the machine's kernel, and back through receive offload.</summary>
[Collection(MachineCollection.Name)]
public class GsoSegmenterTests
{
    private static readonly TcpFlags[] Kinds = [TcpFlags.Ack, TcpFlags.Ack | TcpFlags.Psh, TcpFlags.Ack | TcpFlags.Fin, TcpFlags.Ack | TcpFlags.Cwr | TcpFlags.Psh];

    private static Gen<(GroFrame Frame, int Mss)> Large { get; } =
        from payload in Gen.Int[2, 60_000]
        from mss in Gen.Int[Math.Max(1, payload / 60), 1448]
        from tcp in Gen.Bool
        from stamp in Gen.Bool
        from flags in Gen.Int[0, 3].Select(i => Kinds[i])
        from sequence in Gen.UInt
        from id in Gen.UShort
        where payload > mss
        select (new GroFrame { Payload = payload, Protocol = (byte)(tcp ? 6 : 17), Timestamp = stamp && tcp ? 5 : null, Flags = flags, Sequence = sequence, Id = id }, mss);

    [Fact]
    public void Every_frame_is_one_that_would_have_been_sent_alone() => Large.Sample(
        large =>
        {
            var (frame, mss) = large;
            var cut = Cut(frame, mss);
            for (var i = 0; i < cut.Count; i++)
            {
                var (from, last) = (i * mss, i == cut.Count - 1);
                var flags = last ? frame.Flags : frame.Flags & ~(TcpFlags.Psh | TcpFlags.Fin);
                if (i > 0) flags &= ~TcpFlags.Cwr;
                var alone = frame with
                {
                    Sequence = frame.Sequence + (uint)from,
                    Payload = Math.Min(mss, frame.Payload - from),
                    Id = (ushort)(frame.Id + i),
                    Flags = flags,
                };
                Assert.Equal(alone.ToBytes(), cut[i]);
            }
        },
        iter: 300);

    [Fact]
    public void Receive_offload_puts_together_what_was_cut() => Large.Where(l => (l.Frame.Flags & TcpFlags.Cwr) == 0).Sample(
        large =>
        {
            var (frame, mss) = large;
            var bench = new GroBench { AnyWantsGro = true };
            foreach (var piece in Cut(frame, mss)) bench.Receive(piece);
            var up = Assert.Single(bench.End());
            var whole = frame.ToBytes();
            var checksum = 34 + (frame.Protocol == 6 ? 16 : 6);
            BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(checksum), BinaryPrimitives.ReadUInt16BigEndian(up.Frame.AsSpan(checksum)));
            Assert.Equal(whole, up.Frame);
            Assert.Equal((mss, (frame.Payload + mss - 1) / mss), (up.GsoSize, up.GsoSegs));
        },
        iter: 300);

    [VethTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_kernel_cuts_the_same_frames(int seed)
    {
        using var veth = new KernelVeth("s" + seed.ToString(System.Globalization.CultureInfo.InvariantCulture), gro: false);
        var random = new Random(seed);
        for (var i = 0; i < 12; i++)
        {
            var mss = random.Next(500, 1449);
            var isTcp = random.Next(3) > 0;
            var frame = new GroFrame
            {
                Protocol = (byte)(isTcp ? 6 : 17),
                Payload = random.Next(mss + 1, 20_000),
                Timestamp = isTcp && random.Next(2) == 0 ? 7 : null,
                Sequence = (uint)random.Next() * 2,
                Id = (ushort)random.Next(),
                Flags = random.Next(3) switch { 0 => TcpFlags.Ack, 1 => TcpFlags.Ack | TcpFlags.Psh, _ => TcpFlags.Ack | TcpFlags.Fin | TcpFlags.Cwr },
            };
            var large = frame.ToBytes();
            var checksum = isTcp ? 16 : 6;
            var pseudo = InternetChecksum.PseudoHeader(0x0A000001, 0x0A000002, frame.Protocol, large.Length - 34);
            BinaryPrimitives.WriteUInt16BigEndian(large.AsSpan(34 + checksum), (ushort)~InternetChecksum.Fold(pseudo));
            var headers = large.Length - frame.Payload;
            var kernels = veth.Cut(large, 34, checksum, headers, mss, isTcp);
            Assert.Equal(kernels.Select(Convert.ToHexStringLower), Cut(frame, mss).Select(Convert.ToHexStringLower));
        }
    }

    [Theory]
    [InlineData(0, 100, 6)] // not large
    [InlineData(100, 100, 6)] // one segment
    [InlineData(100, 1000, 1)] // ICMP
    public void What_cannot_be_cut_is_said_to(int mss, int payload, byte protocol)
    {
        var skb = Rent(new SkbPool(2048, 1), new GroFrame { Payload = payload });
        skb.Data[23] = protocol;
        skb.Shared.GsoSize = (ushort)mss;
        Assert.False(GsoSegmenter.CanSegment(skb));
    }

    private static List<byte[]> Cut(GroFrame frame, int mss)
    {
        var (pool, frames) = (new SkbPool(70_000, 1), new SkbPool(2048, 1));
        var large = Rent(pool, frame);
        large.Shared.GsoSize = (ushort)mss;
        Assert.True(GsoSegmenter.CanSegment(large));
        var cut = new List<byte[]>();
        for (var i = 0; i < GsoSegmenter.Count(large); i++)
        {
            var skb = frames.Rent()!;
            GsoSegmenter.Write(large, i, skb);
            cut.Add(skb.Data.ToArray());
            skb.Free(SkbDropReason.CONSUMED);
        }

        large.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, pool.Outstanding + frames.Outstanding);
        return cut;
    }

    private static SkBuff Rent(SkbPool pool, GroFrame frame)
    {
        var skb = pool.Rent()!;
        var bytes = frame.ToBytes();
        bytes.CopyTo(skb.Put(bytes.Length));
        return skb;
    }
}
