using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>
/// A paced connection (<c>SO_MAX_PACING_RATE</c>): it waits itself, or a queueing discipline keeps to the times of departure that it
/// gives (kernel: <c>tcp_pacing_check</c>, <c>tcp_update_skb_after_send</c>, <c>SK_PACING_FQ</c>).
/// </summary>
public class TcpPacingTests
{
    private const int Rate = 100_000; // a segment each 10 ms

    private static readonly TcpPath NoOffload = new() { GsoMaxSize = 0 };

    [Fact]
    public void Forty_segments_take_the_time_of_thirty()
    {
        var peer = Paced();
        peer.Writes(40_000);
        var from = peer.Now;
        for (var una = 1; una <= 38_001; una = (int)(peer.Sock.SndNxt - TcpPeer.OurIsn)) peer.Wait(1).Says($". 1:1(0) ack {una} win 1000");
        Assert.InRange((peer.Now - from).Seconds, 0.25, 0.31);
    }

    /// <summary>The first ten go at once; after them each waits for the one before, less what that was late, half a pause at most.</summary>
    [Fact]
    public void No_burst_passes_the_first_ten_segments()
    {
        var peer = Paced().Writes(10_000);
        Assert.Equal(10, peer.Pending);
        while (peer.Pending > 0) Assert.Equal(peer.Now, peer.Next().DepartsAt);
        peer.Wait(100).Says(". 1:1(0) ack 10001 win 1000").Writes(20_000); // the window would let all go
        Assert.Equal(1, peer.Pending);
        var last = peer.Next().DepartsAt;
        for (var i = 0; i < 9; i++)
        {
            peer.SeesNothing();
            while (peer.Pending == 0) peer.Wait(0.25);
            Assert.Equal(1, peer.Pending);
            var departs = peer.Next().DepartsAt;
            Assert.InRange((departs - last).Nanoseconds, i == 0 ? 5_000_000 : 9_750_000, 10_000_000);
            last = departs;
        }
    }

    /// <summary>fq holds them: all go down at once, each with its time.</summary>
    [Fact]
    public void Departure_times_are_a_pause_apart_when_a_discipline_keeps_to_them()
    {
        var peer = Paced().Queues(paced: true);
        peer.Writes(10_000);
        while (peer.Pending > 0) peer.Leaves(peer.Next().TrueSize);
        peer.Wait(100).Says(". 1:1(0) ack 10001 win 1000").Writes(20_000);
        var departs = new List<KernelTime>();
        while (peer.Pending > 0)
        {
            var segment = peer.Next();
            departs.Add(segment.DepartsAt);
            peer.Leaves(segment.TrueSize);
        }

        Assert.Equal(20, departs.Count);
        Assert.Equal(peer.Now, departs[0]);
        Assert.Equal(5_000_000, (departs[1] - departs[0]).Nanoseconds); // the first was late
        for (var i = 2; i < departs.Count; i++) Assert.Equal(10_000_000, (departs[i] - departs[i - 1]).Nanoseconds);
    }

    /// <summary>The round trip is counted from the departure, not from when the segment was made (kernel: <c>skb_mstamp_ns</c>).</summary>
    [Fact]
    public void Round_trips_begin_with_the_departure()
    {
        var peer = Paced().Queues(paced: true);
        peer.Writes(10_000);
        while (peer.Pending > 0) peer.Leaves(peer.Next().TrueSize);
        peer.Wait(100).Says(". 1:1(0) ack 10001 win 1000").Writes(3000);
        peer.Wait(15).Wait(100); // the third leaves 15 ms later, its round trip takes 100 ms
        var before = peer.Info.Rtt;
        peer.Says(". 1:1(0) ack 13001 win 1000");
        Assert.Equal((before, 100_000u), (100_000u, peer.Info.Rtt));
    }

    [Fact]
    public void An_unpaced_connection_gives_the_present_as_departure()
    {
        var peer = TcpSocks.Established(path: NoOffload).Queues();
        peer.Writes(2000);
        Assert.Equal((peer.Now, peer.Now), (peer.Next().DepartsAt, peer.Next().DepartsAt));
    }

    private static TcpPeer Paced()
    {
        var sysctls = TcpSocks.Sysctls with { TcpWmem = new TcpMemoryTriple(4096, 262_144, 4_194_304) };
        var peer = TcpSocks.Established(sysctls, synOptions: "mss 1000,sackOK,wscale 7", ackWindow: 1000, path: NoOffload);
        peer.Sock.SetMaxPacingRate(Rate);
        return peer;
    }
}
