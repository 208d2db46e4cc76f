using NetActors.Buffers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

public class QdiscAllocationTests
{
    [Theory]
    [InlineData("pfifo")]
    [InlineData("pfifo_fast")]
    [InlineData("prio")]
    [InlineData("tbf rate 10gbit burst 20kb limit 10mb")]
    [InlineData("fq")]
    [InlineData("fq maxrate 1gbit")]
    [InlineData("codel")]
    [InlineData("fq_codel")]
    [InlineData("red limit 4000000 min 10000 max 3000000 avpkt 1000")]
    [InlineData("htb default 1")]
    [InlineData("netem delay 100us 50us loss 1% duplicate 1% reorder 5%")]
    public void A_thousand_packets_through_a_qdisc_allocate_nothing(string words)
    {
        var fixture = new QdiscFixture();
        var qdisc = fixture.Make<QdiscBase>(words);
        if (qdisc is Htb htb) RateTests.AddClass(htb, 0x10001, TcHandle.Root, "rate 10gbit burst 10kb cburst 10kb");
        Assert.Equal(0, Allocation.Of(() => Pass(fixture, qdisc)));
        Assert.True(qdisc.Stats.Packets > 1000);
        qdisc.Reset();
    }

    private static void Pass(QdiscFixture fixture, QdiscBase qdisc)
    {
        fixture.Drops.Clear();
        for (uint i = 0; i < 1000; i++)
        {
            fixture.Now += new KernelTime(5000);
            fixture.Enqueue(qdisc, 1514, i % 7);
            while (qdisc.Dequeue(fixture.Now) is { } skb) skb.Free(SkbDropReason.CONSUMED);
        }

        fixture.Now += KernelTime.FromSeconds(1);
        while (qdisc.Dequeue(fixture.Now) is { } skb) skb.Free(SkbDropReason.CONSUMED);
    }
}
