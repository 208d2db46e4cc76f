using CsCheck;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp;

/// <summary>Where bytes lie and how ranges are kept, against simple models.</summary>
public class TcpBufferTests
{
    [Fact]
    public void Store_gives_back_what_was_written_wherever_it_was_trimmed_and_around_the_end_of_numbers() => Gen
        .Select(Gen.UInt, Gen.Select(Gen.Int[0, 3], Gen.Int[1, 9000]).Array[1, 60]).Sample((start, steps) =>
        {
            var pool = new TcpChunkPool();
            var store = new TcpByteStore(pool);
            store.Clear(start);
            var (low, high) = (start, start);
            foreach (var (what, size) in steps)
            {
                if (what <= 1)
                {
                    store.Write(high, Bytes(high - start, size));
                    high += (uint)size;
                }
                else if (what == 2)
                {
                    low += Math.Min((uint)size, high - low);
                    if (low == high) store.Clear(low);
                    else store.Trim(low);
                }
                else if (high != low)
                {
                    var from = low + (uint)(size % (int)(high - low));
                    var read = new byte[high - from];
                    store.Read(from, read);
                    Assert.Equal(Bytes(from - start, read.Length), read);
                }

                Assert.InRange(pool.Outstanding, 0, ((int)(high - low) / TcpChunkPool.ChunkBytes) + 2);
            }

            store.Clear(0);
            Assert.Equal(0, pool.Outstanding);
        });

    [Fact]
    public void Store_takes_bytes_out_of_order()
    {
        var store = new TcpByteStore(new TcpChunkPool());
        store.Clear(100);
        store.Write(20_100, Bytes(20_000, 500));
        store.Write(100, Bytes(0, 20_000));
        var read = new byte[20_500];
        store.Read(100, read);
        Assert.Equal(Bytes(0, 20_500), read);
    }

    [Fact]
    public void Ring_keeps_the_order_of_a_queue() => Gen.Bool.Array[1, 200].Sample(steps =>
    {
        var ring = default(GrowingRing<int>);
        var queue = new Queue<int>();
        foreach (var (add, i) in steps.Select((step, i) => (step, i)))
        {
            if (add)
            {
                ring.Add(i);
                queue.Enqueue(i);
            }
            else if (queue.Count > 0)
            {
                Assert.Equal(queue.Dequeue(), ring[0]);
                ring.RemoveFirst();
            }

            Assert.Equal(queue.Count, ring.Count);
            if (queue.Count > 0) Assert.Equal(queue.Last(), ring.Last);
        }
    });

    [Fact]
    public void Sack_blocks_are_disjoint_cover_only_what_came_and_begin_with_the_last() => Gen
        .Select(Gen.Int[0, 60], Gen.Int[1, 8]).Array[1, 40].Sample(ranges =>
        {
            var sacks = new TcpSackList();
            var came = new HashSet<int>();
            foreach (var (start, length) in ranges)
            {
                if (sacks.Count == 0) sacks.Begin((uint)start, (uint)(start + length));
                else sacks.Add((uint)start, (uint)(start + length));
                came.UnionWith(Enumerable.Range(start, length));
                Assert.InRange(sacks.Count, 1, 4);
                Assert.True(sacks[0].Start <= start && sacks[0].End >= start + length); // RFC 2018 section 4: the latest first
                for (var i = 0; i < sacks.Count; i++)
                {
                    Assert.All(Enumerable.Range((int)sacks[i].Start, (int)(sacks[i].End - sacks[i].Start)), number => Assert.Contains(number, came));
                    for (var j = 0; j < i && i != 0 && j == 0; j++) Assert.True(sacks[i].End < sacks[j].Start || sacks[i].Start > sacks[j].End);
                }
            }
        });

    [Fact]
    public void Sack_blocks_passed_by_rcv_nxt_go()
    {
        var sacks = new TcpSackList();
        sacks.Begin(10, 20);
        sacks.Add(30, 40);
        sacks.Remove(20, nothingAbove: false);
        Assert.Equal((1, new SackBlock(30, 40)), (sacks.Count, sacks[0]));
        sacks.Remove(20, nothingAbove: true);
        Assert.Equal(0, sacks.Count);
    }

    [Theory]
    [InlineData(131_072, 1460, 0u, true, 64_240u, 7)] // 6291456 bytes of tcp_rmem need a shift of 7
    [InlineData(131_072, 1460, 0u, false, 64_240u, 0)]
    [InlineData(131_072, 1460, 5000u, true, 4380u, 0)] // TCP_WINDOW_CLAMP
    [InlineData(2000, 1460, 0u, true, 1000u, 7)] // smaller than a segment: not rounded
    public void Initial_window_is_a_multiple_of_the_segment(int buffer, int mss, uint clamp, bool scaling, uint window, int wscale)
    {
        var (actual, most, shift) = TcpReceiver.SelectInitial(new TcpSysctls(), buffer / 2, mss, clamp, scaling);
        Assert.Equal((window, wscale), (actual, shift));
        Assert.True(most <= (uint)ushort.MaxValue << shift);
    }

    [Fact]
    public void Out_of_order_queue_delivers_each_byte_once_whatever_the_order() => Gen
        .Select(Gen.Int[0, 79], Gen.Int[1, 12]).Array[1, 60].Sample(pieces =>
        {
            var context = TcpSocks.Closed().Context;
            var receiver = new TcpReceiver(context, new TcpDelayedAck()) { SackOk = true, RcvWnd = 60_000, RcvSsthresh = 60_000, WindowClamp = 60_000, RcvBuf = 1_000_000 };
            receiver.Start(uint.MaxValue - 30);
            var first = receiver.RcvNxt;
            var came = new bool[100];
            foreach (var (start, length) in pieces)
            {
                var segment = new TcpInSegment { Sequence = first + (uint)start, Flags = TcpFlags.Ack, Payload = Bytes((uint)start, length) };
                for (var i = start; i < start + length; i++) came[i] = true;
                var due = (int)(receiver.RcvNxt - first);
                if (start + length <= due) continue;
                if (start > due) receiver.QueueOutOfOrder(segment, 1000);
                else
                {
                    receiver.Queue(segment, 1000);
                    receiver.MergeOutOfOrder();
                }

                Assert.Equal(Array.IndexOf(came, false), (int)(receiver.RcvNxt - first));
            }

            var read = new byte[receiver.RcvNxt - first];
            receiver.Peek(first, read);
            Assert.Equal(Bytes(0, read.Length), read);
            receiver.Consume(receiver.RcvNxt);
            receiver.Destroy();
            Assert.Equal((0, 0), (receiver.RmemAlloc, context.Chunks.Outstanding));
            Assert.Equal(0, context.Mib[LinuxMib.TCPRcvQDrop]);
        });

    private static byte[] Bytes(uint from, int count) => TcpPeer.Stream(from, count);
}
