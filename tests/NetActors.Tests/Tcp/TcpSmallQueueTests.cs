using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Tcp;

/// <summary>
/// Little of a connection waits in the host below it (TCP small queues; spec section 7.8; kernel: <c>tcp_small_queue_check</c>,
/// <c>tcp_wfree</c>, <c>tcp_tsq_write</c>).
/// </summary>
public class TcpSmallQueueTests
{
    private const int Overhead = 1280; // of an sk_buff

    private static readonly TcpPath NoOffload = new() { GsoMaxSize = 0 };

    [Fact]
    public void Small_writes_are_corked_while_the_host_holds_a_packet() // tcp_should_autocork
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { NoDelay = true }).Queues();
        peer.Writes(100).Sees("P. 1:101(100) ack 1");
        peer.Writes(50).Writes(40).SeesNothing().Counts(LinuxMib.TCPAutoCorking, 1);
        peer.Leaves(100 + Overhead).Sees("P. 101:191(90) ack 1");
    }

    [Fact]
    public void More_than_the_host_holds_is_not_corked() // sk_wmem_alloc is compared with the truesize of what waits
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { NoDelay = true }).Queues();
        peer.Writes(100).Sees("P. 1:101(100) ack 1");
        peer.Writes(60).SeesNothing().Writes(60).Sees("P. 101:221(120) ack 1");
    }

    [Fact]
    public void Small_writes_go_at_once_without_autocorking() // net.ipv4.tcp_autocorking = 0
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpAutocorking = false }, new TcpSocketOptions { NoDelay = true }).Queues();
        peer.Writes(100).Writes(100).Sees("P. 1:101(100) ack 1").Sees("P. 101:201(100) ack 1").Counts(LinuxMib.TCPAutoCorking, 0);
    }

    [Fact]
    public void Host_holds_two_packets_or_a_millisecond_of_the_rate()
    {
        // 10 segments of 1000 bytes in 100 ms, twice in slow start: 200 kB/s, 195 bytes a millisecond; so two packets
        var peer = Bulk(TcpSocks.Sysctls);
        peer.Writes(10_000);
        Assert.Equal(2, peer.Pending);
        Assert.Equal(2 * (1000 + Overhead), peer.Sock.HostQueue!.Bytes);
        peer.Leaves(1000 + Overhead);
        Assert.Equal(3, peer.Pending);
        peer.Leaves(2 * (1000 + Overhead));
        Assert.Equal(5, peer.Pending);
    }

    [Fact]
    public void A_higher_rate_holds_more_up_to_the_limit() // net.ipv4.tcp_limit_output_bytes
    {
        Assert.Equal(9, Held(1_000_000)); // 20 MB/s make 19,531 bytes a millisecond: nine packets of 2,280 are over it
        Assert.Equal(4, Held(8000)); // four packets are over the limit
        Assert.Equal(2, Held(0)); // with one range out or none it always goes

        static int Held(int limit)
        {
            var peer = TcpSocks.SynRecv(
                TcpSocks.Sysctls with { TcpLimitOutputBytes = limit }, synOptions: "mss 1000,wscale 7", path: NoOffload).Wait(1);
            peer.Says(". 1:1(0) ack 1 win 1000").Queues(); // 10 segments in 1 ms
            peer.Writes(10_000);
            return peer.Pending;
        }
    }

    [Fact]
    public void A_paced_connection_is_not_bound_by_the_limit() // SK_PACING_NONE is asked for
    {
        var peer = Bulk(TcpSocks.Sysctls with { TcpLimitOutputBytes = 100 });
        peer.Sock.SetMaxPacingRate(100_000_000);
        peer.Writes(10_000);
        Assert.Equal(2, peer.Pending); // by two packets it is
    }

    [Fact]
    public void A_connection_is_called_once_for_many_packets() // TSQF_QUEUED
    {
        var below = Bulk(TcpSocks.Sysctls).Writes(10_000).Sock.HostQueue!;
        Assert.True(below.Release(1000 + Overhead));
        Assert.False(below.Release(1000 + Overhead));
    }

    [Fact]
    public void Retransmissions_may_hold_twice_as_much() // the factor of tcp_xmit_retransmit_queue
    {
        var peer = TcpSocks.Established(synOptions: "mss 1000,sackOK,wscale 7", ackWindow: 1000, path: NoOffload);
        for (var una = 10_001; una <= 30_001; una += 20_000)
        {
            peer.Writes(una == 10_001 ? 10_000 : 20_000);
            while (peer.Pending > 0) peer.Next();
            peer.Wait(100);
            if (una == 10_001) peer.Says(". 1:1(0) ack 10001 win 1000");
        }

        peer.Queues();
        for (var sacked = 27_001; sacked >= 21_001; sacked -= 1000) peer.Says($". 1:1(0) ack 10001 win 1000 <sack {sacked}:30001>"); // PRR lets one go each time
        Assert.Equal(4, peer.Pending);
        peer.Leaves(1000 + Overhead);
        Assert.Equal(5, peer.Pending);
    }

    [Fact]
    public void What_has_not_left_yet_is_not_sent_again() // skb_still_in_host_queue
    {
        var peer = TcpSocks.Established(path: NoOffload).Queues();
        peer.Writes(1000).Sees("P. 1:1001(1000) ack 1");
        peer.Wait(1000).SeesNothing();
        Assert.True(peer.Mib[LinuxMib.TCPSpuriousRtxHostQueues] > 0);
        Assert.Equal(0, peer.Mib[TcpMib.RetransSegs]);
        peer.Leaves(1000 + Overhead).Sees("P. 1:1001(1000) ack 1");
        Assert.Equal(1, peer.Mib[TcpMib.RetransSegs]);
    }

    /// <summary>All bytes arrive over a slow wire, and the host holds a few packets of the connection though its window is large.</summary>
    [Fact]
    public void A_slow_device_holds_few_packets_of_a_connection()
    {
        const int Bytes = 400_000;
        TcpSteps server = null!;
        using var run = new Running(Yaml.Pair(wire: "rate: 10Mbit, delay: 20ms"), prepare: plan =>
        {
            TcpSteps.Client(plan.Hosts[0], p => p.Send(Bytes), p => p.Sleep(1000), p => p.Close());
            server = TcpSteps.Server(plan.Hosts[1], p => p.Receive(Bytes), p => p.Close());
        });
        var most = 0L;
        for (var ms = 5; ms < 1000; ms += 5)
        {
            run.Until(ms * 1000);
            foreach (var socket in run.Snapshot.Hosts[0].TcpSockets) most = Math.Max(most, socket.Memory?.WmemAlloc ?? 0);
        }

        Assert.InRange(most, 3000, 12 * 1448);
        run.Until(3_000_000);
        Assert.Empty(server.Faults);
        Assert.Equal(0, run.Mib[TcpMib.RetransSegs]);
    }

    private static TcpPeer Bulk(TcpSysctls sysctls) =>
        TcpSocks.Established(sysctls, synOptions: "mss 1000,wscale 7", ackWindow: 1000, path: NoOffload).Queues();
}
