using NetActors.Ip;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>
/// The path MTU: told by routers (RFC 1191) and found by probes (RFC 4821; kernel: <c>tcp_mtu_probe</c>, <c>tcp_mtu_probing</c>). The
/// peer here takes all that is not larger than the path takes, and acknowledges each segment.
/// </summary>
public class TcpMtuProbeTests
{
    private static readonly TcpPath NoOffload = new() { GsoMaxSize = 0 };

    [Fact]
    public void Without_probing_the_mss_is_the_peers_from_the_start()
    {
        var (peer, _) = Run(TcpSocks.Sysctls, pathMtu: 1500, rounds: 20);
        Assert.Equal((1460, 0L), (peer.Sock.GetMaxSeg(), peer.Mib[LinuxMib.TCPMTUPSuccess]));
    }

    /// <summary>tcp_mtu_probing = 2 begins at tcp_base_mss and halves the distance to the peer's MSS until tcp_probe_threshold.</summary>
    [Theory]
    [InlineData(1500, 1024, 8)]
    [InlineData(1500, 512, 8)]
    [InlineData(1200, 512, 8)]
    [InlineData(1200, 1024, 8)]
    [InlineData(1300, 1024, 100)]
    [InlineData(1064, 1024, 8)] // no larger than it began with
    [InlineData(1476, 512, 1)] // GRE
    public void The_search_ends_within_the_threshold_of_what_the_path_takes(int pathMtu, int baseMss, int threshold)
    {
        var sysctls = Probing() with { TcpBaseMss = baseMss, TcpProbeThreshold = threshold };
        var (peer, largest) = Run(sysctls, pathMtu, rounds: 120);
        Assert.InRange(peer.Sock.GetMaxSeg() + 40, Math.Max(pathMtu - threshold, baseMss + 40), pathMtu);
        Assert.Equal(peer.Sock.GetMaxSeg(), largest);
        Assert.Equal(pathMtu > baseMss + 40 + threshold, peer.Mib[LinuxMib.TCPMTUPSuccess] > 0);
        Assert.Equal(pathMtu < 1500 - threshold, peer.Mib[LinuxMib.TCPMTUPFail] > 0);
        Assert.Equal(0, peer.Mib[LinuxMib.TCPTimeouts]);
    }

    /// <summary>A lost probe is no congestion (RFC 4821 section 7.6.2): its bytes go again in segments that fit.</summary>
    [Fact]
    public void A_lost_probe_does_not_reduce_the_window()
    {
        var (peer, _) = Run(Probing() with { TcpBaseMss = 1024 }, pathMtu: 1100, rounds: 120);
        Assert.True(peer.Mib[LinuxMib.TCPMTUPFail] > 2);
        Assert.Equal(0, peer.Mib[LinuxMib.TCPSackRecovery]);
        Assert.True(peer.Sock.Sender.Cwnd >= 11, $"{peer.Sock.Sender.Cwnd}");
        Assert.Equal(peer.Mib[LinuxMib.TCPMTUPFail] * 2, peer.Mib[TcpMib.RetransSegs]); // each in two pieces
    }

    /// <summary>Larger segments, fewer of them: the window stays the same in bytes, less than a segment lost (tcp_mtup_probe_success).</summary>
    [Fact]
    public void A_probe_that_arrives_keeps_the_windows_bytes()
    {
        var peer = Ready(Probing() with { TcpBaseMss = 512 });
        var probe = peer.Next();
        Assert.Equal((986, 0), (probe.PayloadLength, probe.GsoSize)); // (552 + 1500) / 2 - 40
        var una = TcpPeer.OurIsn;
        var cwnd = peer.Sock.Sender.Cwnd; // one less for the probe
        peer.Says($". 1:1(0) ack {probe.EndSequence - una} win 60000");
        Assert.Equal(986, peer.Sock.GetMaxSeg());
        Assert.InRange(peer.Sock.Sender.Cwnd, cwnd * 552 / 1026, (cwnd * 552 / 1026) + 2); // and what the ACK added
        peer.Counts(LinuxMib.TCPMTUPSuccess, 1);
    }

    [Theory]
    [InlineData(6, 20_000, false)] // too small a window
    [InlineData(11, 3000, false)] // too little to send: the probe and three duplicates, and one more
    [InlineData(11, 5000, true)]
    public void A_probe_waits_for_enough_to_tell_its_loss(int cwnd, int bytes, bool probes)
    {
        var peer = Ready(Probing() with { TcpBaseMss = 512 }, cwnd, bytes);
        Assert.Equal(probes, peer.Next().PayloadLength > 512);
    }

    [Fact]
    public void The_search_begins_again_after_the_interval() // tcp_probe_interval
    {
        var sysctls = Probing() with { TcpBaseMss = 1024, TcpProbeInterval = KernelTime.FromSeconds(300) };
        var (peer, _) = Run(sysctls, pathMtu: 1200, rounds: 120);
        var mss = peer.Sock.GetMaxSeg();
        Assert.InRange(mss, 1150, 1160);
        Drive(peer, pathMtu: 1500, rounds: 100);
        Assert.Equal(mss, peer.Sock.GetMaxSeg()); // the path is better now, and it does not look
        peer.Wait(300_000);
        Drive(peer, pathMtu: 1500, rounds: 120);
        Assert.InRange(peer.Sock.GetMaxSeg(), 1452, 1460);
    }

    /// <summary>tcp_mtu_probing = 1: small segments after timeouts (RFC 4821 section 7.7), half as large each time, down to the floor.</summary>
    [Fact]
    public void A_black_hole_makes_segments_smaller_down_to_the_floor()
    {
        var peer = TcpSocks.Established(
            TcpSocks.Sysctls with { TcpMtuProbing = 1, TcpBaseMss = 512, TcpMtuProbeFloor = 100 }, synOptions: "mss 1460,sackOK", path: NoOffload);
        peer.Writes(1460);
        Assert.Equal(1460, peer.Sock.GetMaxSeg());
        var sizes = new List<int>();
        for (var i = 0; i < 9; i++)
        {
            while (peer.Pending > 0) peer.Next();
            peer.Wait((peer.Sock.Deadline - peer.Now).Nanoseconds / 1e6);
            sizes.Add(peer.Sock.GetMaxSeg());
        }

        Assert.Equal([1460, 512, 256, 128, 100], sizes.Distinct());
    }

    /// <summary>RFC 1191: a router's word; nothing is probed for, and the window is not reduced.</summary>
    [Theory]
    [InlineData(1300, 1260)]
    [InlineData(100, 512)] // net.ipv4.route.min_pmtu
    public void A_routers_word_is_followed_at_once(uint mtu, int mss)
    {
        var peer = TcpSocks.Established(synOptions: "mss 1460,sackOK,wscale 7", ackWindow: 1000, path: NoOffload);
        peer.Writes(1460 * 2);
        while (peer.Pending > 0) peer.Next();
        var cwnd = peer.Sock.Sender.Cwnd;
        peer.Does(sock => sock.OnIcmp(new IcmpNotice(3, 4, mtu, 6, 0, 0, 0, 0, TcpPeer.OurIsn + 1), peer.Now));
        Assert.Equal((mss, cwnd), (peer.Sock.GetMaxSeg(), peer.Sock.Sender.Cwnd));
        Assert.Equal(mss, peer.Next().PayloadLength);
    }

    [Fact]
    public void A_routers_word_bounds_the_search()
    {
        var peer = Ready(Probing() with { TcpBaseMss = 512 });
        peer.Does(sock => sock.OnIcmp(new IcmpNotice(3, 4, 800, 6, 0, 0, 0, 0, peer.Sock.SndUna), peer.Now));
        while (peer.Pending > 0) peer.Next();
        Drive(peer, pathMtu: 800, rounds: 120);
        Assert.InRange(peer.Sock.GetMaxSeg(), 752, 760);
    }

    private static TcpSysctls Probing() => TcpSocks.Sysctls with { TcpMtuProbing = 2, TcpWmem = new TcpMemoryTriple(4096, 4_194_304, 4_194_304) };

    /// <summary>A connection with a window of <paramref name="cwnd"/> segments that has so many bytes to send when an ACK comes.</summary>
    private static TcpPeer Ready(TcpSysctls sysctls, int cwnd = 20, int bytes = 20_000)
    {
        var peer = TcpSocks.Established(sysctls, synOptions: "mss 1460,sackOK,wscale 0", synWindow: 60000, ackWindow: 60000, path: NoOffload);
        peer.Sock.Sender.Congestion.Cwnd = 4;
        peer.Writes(2048 + bytes);
        while (peer.Pending > 0) peer.Next();
        peer.Sock.Sender.Congestion.Cwnd = cwnd;
        return peer.Wait(100).Says(". 1:1(0) ack 2049 win 60000");
    }

    private static (TcpPeer Peer, int Largest) Run(TcpSysctls sysctls, int pathMtu, int rounds)
    {
        var peer = TcpSocks.Established(
            sysctls with { TcpWmem = new TcpMemoryTriple(4096, 4_194_304, 4_194_304) }, synOptions: "mss 1460,sackOK,wscale 0", synWindow: 60000,
            ackWindow: 60000, path: NoOffload);
        return (peer, Drive(peer, pathMtu, rounds));
    }

    /// <summary>Keeps data waiting; a round trip takes 10 ms. Answers the payload of the largest segment of the last rounds.</summary>
    internal static int Drive(TcpPeer peer, int pathMtu, int rounds)
    {
        var (next, held, largest) = (peer.Sock.SndUna, new SortedDictionary<uint, uint>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            while (peer.Sock.WriteSeq - peer.Sock.SndNxt < 100_000) peer.Writes(50_000);
            peer.Wait(10);
            largest = round < rounds - 5 ? 0 : largest;
            for (var burst = peer.Pending; burst > 0; burst--)
            {
                var segment = peer.Next();
                peer.Wait(0.05);
                if (segment.PayloadLength + 40 > pathMtu) continue; // it vanishes
                largest = Math.Max(largest, segment.PayloadLength);
                held[segment.Sequence - next] = segment.EndSequence;
                if (segment.Sequence == next)
                {
                    while (held.Count > 0 && held.First().Key <= 0x7FFF_FFFF && held.TryGetValue(0, out var end)) Advance(ref next, end, ref held);
                    peer.Says($". 1:1(0) ack {next - TcpPeer.OurIsn} win 60000{Sack(next, held)}");
                }
                else
                {
                    peer.Says($". 1:1(0) ack {next - TcpPeer.OurIsn} win 60000{Sack(next, held)}");
                }
            }
        }

        return largest;
    }

    private static void Advance(ref uint next, uint end, ref SortedDictionary<uint, uint> held)
    {
        var moved = new SortedDictionary<uint, uint>();
        foreach (var (offset, e) in held)
        {
            if (TcpSeq.After(e, end)) moved[next + offset - end] = e;
        }

        (next, held) = (end, moved);
    }

    private static string Sack(uint next, SortedDictionary<uint, uint> held)
    {
        if (held.Count == 0) return "";
        var (first, last) = (next + held.First().Key - TcpPeer.OurIsn, held.Values.Last() - TcpPeer.OurIsn);
        return $" <sack {first}:{last}>"; // nothing but a probe is ever missing: one block
    }
}
