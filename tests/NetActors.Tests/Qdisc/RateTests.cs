using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

public class RateTests
{
    private readonly QdiscFixture _fixture = new();

    /// <summary>Rates of tbf and htb within 1 % (issue 4); sizes as they come.</summary>
    [Theory]
    [InlineData("tbf rate 1mbit burst 5kb limit 1mb", 1e6)]
    [InlineData("tbf rate 10mbit burst 5kb limit 1mb", 10e6)]
    [InlineData("tbf rate 950mbit burst 10kb limit 100mb", 950e6)]
    [InlineData("tbf rate 100mbit burst 100kb limit 10mb peakrate 200mbit mtu 2000", 100e6)]
    public void Tbf_sends_its_rate(string words, double rate)
    {
        var tbf = _fixture.Make<Tbf>(words);
        Assert.Equal(rate, MeasureRate(tbf, rate), rate / 100);
    }

    [Fact]
    public void Tbf_lets_its_burst_through_at_once_and_then_keeps_to_the_rate()
    {
        var tbf = _fixture.Make<Tbf>("tbf rate 8mbit burst 4000 limit 100000"); // a byte a microsecond
        for (var i = 0; i < 10; i++) _fixture.Enqueue(tbf, 1000);
        var sent = _fixture.Drain(tbf, KernelTime.FromSeconds(2));
        var start = KernelTime.FromSeconds(1);
        Assert.Equal(4, sent.Count(s => s.At == start));
        Assert.Equal([.. Enumerable.Range(1, 6).Select(i => start + KernelTime.FromMilliseconds(i))], sent.Skip(4).Select(s => s.At));
        Assert.Equal(6, tbf.Stats.Overlimits);
    }

    [Fact]
    public void A_packet_above_tbf_s_burst_can_never_go_and_is_dropped()
    {
        var tbf = _fixture.Make<Tbf>("tbf rate 8mbit burst 1000 limit 100000");
        Assert.Equal(NetXmit.Drop, _fixture.Enqueue(tbf, 1001));
        Assert.Equal(NetXmit.Success, _fixture.Enqueue(tbf, 1000));
    }

    [Fact]
    public void A_large_packet_above_the_burst_goes_in_frames_and_parents_count_them()
    {
        var prio = _fixture.Make<Prio>("prio");
        prio.Graft(0x10002, _fixture.Make<Tbf>("tbf rate 8mbit burst 2000 limit 100000"));
        var large = _fixture.Packet(1514);
        (large.Shared.GsoSize, large.Shared.GsoSegs, large.Cb.PacketLength) = (1000, 4, 4000);
        Assert.Equal(NetXmit.Success, prio.Enqueue(large, _fixture.Now));
        Assert.Equal((4, 4000), (prio.Stats.Qlen, prio.Stats.Backlog));
        Assert.Equal(4, _fixture.Drain(prio, KernelTime.FromSeconds(2)).Count);
        Assert.Equal((0, 0, 0L), (prio.Stats.Qlen, prio.Stats.Backlog, _fixture.Outstanding));
        var huge = _fixture.Packet(1514);
        (huge.Shared.GsoSize, huge.Cb.PacketLength) = (3000, 9000); // a frame of it is above the burst
        Assert.Equal(NetXmit.Drop, prio.Enqueue(huge, _fixture.Now));
    }

    [Fact]
    public void Tbf_s_latency_bounds_how_long_a_packet_waits()
    {
        var tbf = _fixture.Make<Tbf>("tbf rate 8mbit burst 2000 latency 10ms");
        while (_fixture.Enqueue(tbf, 1000) == NetXmit.Success)
        {
        }

        var sent = _fixture.Drain(tbf, KernelTime.FromSeconds(2));
        Assert.Equal(KernelTime.FromMilliseconds(10), sent[^1].At - KernelTime.FromSeconds(1));
    }

    /// <summary>Classes under a 10 Mbit/s parent: what each gets when these send without pause.</summary>
    [Theory]
    [InlineData("10 2mbit 2mbit 0;20 3mbit 3mbit 0", "10 20", "2 3")] // their rates
    [InlineData("10 2mbit 10mbit 0;20 6mbit 10mbit 0", "10 20", "2.5 7.5")] // what is over by quanta, as their rates
    [InlineData("10 2mbit 10mbit 0;20 6mbit 10mbit 0", "10", "10")] // alone: the ceiling
    [InlineData("10 2mbit 4mbit 0;20 6mbit 10mbit 0", "10", "4")] // its own ceiling
    [InlineData("10 2mbit 10mbit 1;20 2mbit 10mbit 0", "10 20", "2 8")] // what is over to the first priority
    public void Htb_shares_by_rate_ceiling_and_priority(string classes, string active, string expected)
    {
        var htb = _fixture.Make<Htb>("htb default 10");
        AddClass(htb, 0x10001, TcHandle.Root, "rate 10mbit burst 15k cburst 15k");
        foreach (var line in classes.Split(';'))
        {
            var words = line.Split(' ');
            AddClass(htb, 0x10000 | Convert.ToUInt32(words[0], 16), 0x10001, $"rate {words[1]} ceil {words[2]} prio {words[3]} quantum {(words[1] == "6mbit" ? 4542 : 1514)}");
        }

        uint[] ids = [.. active.Split(' ').Select(a => 0x10000 | Convert.ToUInt32(a, 16))];
        var bytes = new Dictionary<uint, long>();
        var end = _fixture.Now + KernelTime.FromSeconds(10);
        foreach (var id in ids)
        {
            for (var i = 0; i < 100; i++) htb.Enqueue(_fixture.Packet(1514, id, id), _fixture.Now);
        }

        while (_fixture.Now < end)
        {
            _fixture.Context.ClearWatchdog();
            while (htb.Dequeue(_fixture.Now) is { } skb)
            {
                bytes[skb.Hash] = bytes.GetValueOrDefault(skb.Hash) + skb.Cb.PacketLength;
                htb.Enqueue(_fixture.Packet(1514, skb.Hash, skb.Hash), _fixture.Now);
                skb.Free(NetActors.Buffers.SkbDropReason.CONSUMED);
            }

            _fixture.Now = _fixture.Context.Watchdog;
        }

        var wanted = expected.Split(' ').Select(e => double.Parse(e, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        for (var i = 0; i < ids.Length; i++) Assert.InRange(bytes[ids[i]] * 8 / 10e6, wanted[i] * 0.99, wanted[i] * 1.01);
        Assert.Equal(bytes.Values.Sum(), htb.Stats.Bytes);
    }

    [Fact]
    public void Htb_passes_packets_without_a_class_directly_and_bounds_them()
    {
        var fixture = new QdiscFixture(txQueueLength: 3);
        var htb = fixture.Make<Htb>("htb default 99");
        AddClass(htb, 0x10001, TcHandle.Root, "rate 1mbit", fixture.Now);
        for (var i = 0; i < 3; i++) Assert.Equal(NetXmit.Success, fixture.Enqueue(htb));
        Assert.Equal(NetXmit.Drop, fixture.Enqueue(htb));
        Assert.Equal("r2q 10 default 0x99 direct_packets_stat 3 direct_qlen 3", QdiscFixture.Options(htb));
    }

    [Fact]
    public void A_tree_of_htb_keeps_borrowers_below_their_own_parent_s_ceiling()
    {
        var htb = _fixture.Make<Htb>("htb");
        AddClass(htb, 0x10001, TcHandle.Root, "rate 10mbit burst 15k cburst 15k");
        AddClass(htb, 0x10002, 0x10001, "rate 2mbit ceil 4mbit burst 15k cburst 15k");
        AddClass(htb, 0x10003, 0x10001, "rate 5mbit ceil 10mbit");
        AddClass(htb, 0x10021, 0x10002, "rate 1mbit ceil 10mbit");
        for (var i = 0; i < 900; i++) htb.Enqueue(_fixture.Packet(1514, 1, 0x10021), _fixture.Now);
        var sent = _fixture.Drain(htb, _fixture.Now + KernelTime.FromSeconds(2));
        var span = sent[^1].At - sent[20].At;
        Assert.InRange(sent.Skip(21).Sum(s => s.Bytes) * 8e3 / span.Nanoseconds, 4 * 0.99, 4 * 1.01);
    }

    internal static void AddClass(Htb htb, uint id, uint parent, string words, KernelTime? now = null)
    {
        var rest = new TcWords(words);
        htb.AddClass(id, parent, change: false, rest, now ?? KernelTime.FromSeconds(1));
        Assert.Null(rest.Fault);
    }

    private double MeasureRate(QdiscBase qdisc, double rate)
    {
        var wanted = (long)(rate / 8); // a second's worth
        var (start, first, bytes, next) = (KernelTime.Zero, 0L, 0L, 0);
        while (true)
        {
            while (qdisc.Length < 20 && _fixture.Enqueue(qdisc, 200 + (next++ * 37 % 1300)) == NetXmit.Success)
            {
            }

            _fixture.Context.ClearWatchdog();
            if (qdisc.Dequeue(_fixture.Now) is { } skb)
            {
                bytes += skb.Cb.PacketLength;
                skb.Free(NetActors.Buffers.SkbDropReason.CONSUMED);
                if (bytes > wanted / 4 && start == KernelTime.Zero) (start, first) = (_fixture.Now, bytes); // the burst is over
                if (bytes > wanted * 5 / 4) return (bytes - first) * 8e9 / (_fixture.Now - start).Nanoseconds;
                continue;
            }

            _fixture.Now = _fixture.Context.Watchdog;
        }
    }
}
