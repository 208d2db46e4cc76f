using NetActors.Gro;

namespace NetActors.Tests.Gro;

/// <summary>Which datagrams are merged (specification section 8.4).</summary>
public class UdpGroTests
{
    private static readonly GroFrame First = new() { Protocol = 17, Payload = 1000 };
    private readonly GroBench _bench = new() { AnyWantsGro = true };

    [Fact]
    public void Nobody_asked_so_nothing_is_merged()
    {
        _bench.AnyWantsGro = false;
        Assert.Equal(GroResult.Normal, _bench.Receive(First));
        Assert.Equal(GroResult.Normal, _bench.Receive(First.Next()));
    }

    [Fact]
    public void Datagrams_of_one_length_become_one_packet()
    {
        _bench.Receive(First);
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next()));
        var up = Assert.Single(_bench.End());
        Assert.Equal((1000, 2, 2008), (up.GsoSize, up.GsoSegs, (up.Frame[38] << 8) | up.Frame[39]));
    }

    [Fact]
    public void A_shorter_one_ends_the_train_and_a_longer_one_begins_another()
    {
        _bench.Receive(First);
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next() with { Payload = 10 }));
        Assert.Equal(2, Assert.Single(_bench.TakeUp()).GsoSegs);
        _bench.Receive(First);
        Assert.Equal(GroResult.Held, _bench.Receive(First.Next() with { Payload = 1001 }));
        Assert.Equal(0, Assert.Single(_bench.TakeUp()).GsoSegs);
    }

    [Fact]
    public void Sixty_four_are_enough()
    {
        var frame = First with { Payload = 10 };
        for (var i = 0; i < 64; i++, frame = frame.Next()) _bench.Receive(frame);
        Assert.Equal(64, Assert.Single(_bench.TakeUp()).GsoSegs);
    }

    [Fact]
    public void Without_a_checksum_or_with_a_wrong_one_it_goes_up_alone()
    {
        Assert.Equal(GroResult.Normal, _bench.Receive(First with { NoChecksum = true }));
        Assert.Equal(GroResult.Normal, _bench.Receive(First with { BadChecksum = true }));
        Assert.Equal(GroResult.Normal, _bench.Receive(First with { Padding = 2 }));
    }
}
