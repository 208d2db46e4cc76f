using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Fragments into and out of whole hosts (RFC 791 section 3.2; net/ipv4/ip_fragment.c, ip_output.c).</summary>
public sealed class FragmentHostTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fragments_are_joined_in_any_order_and_delivered_once(bool backwards)
    {
        var pieces = HostFrames.Cut(HostFrames.Udp(payload: 4000), 1480);
        if (backwards) pieces.Reverse();
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink()), frames: HostFrames.ToServer([.. pieces]));
        run.Until(1000);
        Assert.Equal((1, 4000L), (run.Socket("sink").Delivered, run.Socket("sink").DeliveredBytes));
        Assert.Equal((3, 1, 1), (run.Mib[IpMib.ReasmReqds], run.Mib[IpMib.ReasmOKs], run.Mib[IpMib.InDelivers]));
        Assert.Equal(0, run.Host.Stack.Fragments.InUse);
    }

    [Fact]
    public void Fragments_without_their_last_are_given_up_after_ipfrag_time_and_the_sender_is_told()
    {
        var pieces = HostFrames.Cut(HostFrames.Udp(payload: 4000), 1480);
        using var run = new Running(Yaml.Server(sysctl: "net.ipv4.ipfrag_time: 2", tasks: Yaml.Sink()), frames: HostFrames.ToServer(pieces[0], pieces[1]), capture: true);
        run.Until(1_990_000);
        Assert.Equal(2, run.Host.Stack.Fragments.Pieces);
        run.Until(2_100_000);
        Assert.Equal((0, 2L), (run.Host.Stack.Fragments.Pieces, run.Dropped(SkbDropReason.FRAG_REASM_TIMEOUT)));
        Assert.Equal((1, 1, 1), (run.Mib[IpMib.ReasmTimeout], run.Mib[IpMib.ReasmFails], run.Mib[IcmpMib.OutTimeExcds]));
        Assert.True(IcmpHeader.TryParse(run.Captured.Sent().Single().AsSpan(34), out var icmp));
        Assert.Equal((IcmpTypes.TimeExceeded, (byte)1), (icmp.Type, icmp.Code));
    }

    [Fact]
    public void Fragments_without_their_first_are_given_up_in_silence()
    {
        var pieces = HostFrames.Cut(HostFrames.Udp(payload: 4000), 1480);
        using var run = new Running(Yaml.Server(sysctl: "net.ipv4.ipfrag_time: 2"), frames: HostFrames.ToServer(pieces[1], pieces[2]), capture: true);
        run.Until(2_100_000);
        Assert.Equal(2L, run.Dropped(SkbDropReason.FRAG_REASM_TIMEOUT));
        Assert.Empty(run.Captured.Sent());
    }

    [Fact]
    public void Fragments_that_still_wait_at_the_end_go_home()
    {
        var pieces = HostFrames.Cut(HostFrames.Udp(payload: 4000), 1480);
        using var run = new Running(Yaml.Server(), frames: HostFrames.ToServer(pieces[0], pieces[1]));
        run.Until(1000);
        Assert.Equal(2, run.Host.Stack.Fragments.Pieces);
    }

    [Fact]
    public void Double_fragment_is_dropped_alone()
    {
        var pieces = HostFrames.Cut(HostFrames.Udp(payload: 4000), 1480);
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink()), frames: HostFrames.ToServer(pieces[0], pieces[1], pieces[1], pieces[2]));
        run.Until(1000);
        Assert.Equal((1, 1L), (run.Socket("sink").Delivered, run.Dropped(SkbDropReason.DUP_FRAG)));
    }

    [Fact]
    public void Overlapping_fragment_gives_the_datagram_up()
    {
        var frame = HostFrames.Udp(payload: 4000);
        List<byte[]> pieces = HostFrames.Cut(frame, 1480), others = HostFrames.Cut(frame, 800);
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink()), frames: HostFrames.ToServer(pieces[0], others[1]));
        run.Until(1000);
        Assert.Equal(0, run.Host.Stack.Fragments.Pieces);
        Assert.Equal((0L, 1L, 1L), (run.Socket("sink").Delivered, run.Mib[IpMib.ReasmFails], run.Mib[IpExtMib.ReasmOverlaps]));
    }

    [Theory]
    [InlineData(1472, 0)]
    [InlineData(1473, 2)]
    [InlineData(4000, 3)]
    [InlineData(65_507, 45)]
    public void Datagram_above_the_mtu_is_cut_and_arrives_whole(int size, int fragments)
    {
        using var run = new Running(Yaml.Pair(
            $$"""{ name: sender, program: packet-flood, destination: "10.0.0.1:9000", rate: 100pps, stop: 100ms, size: {{size}} }""", Yaml.Sink()));
        run.Until(200_000);
        var (sent, received) = (run.Mib, run.Snapshot.Hosts[1].Mib);
        Assert.Equal((10, 10L * size), (run.Socket("sink").Delivered, run.Socket("sink").DeliveredBytes));
        Assert.Equal(((fragments > 0 ? 10L : 0L), 10L * fragments), (sent[IpMib.FragOKs], sent[IpMib.FragCreates]));
        Assert.Equal((10L * fragments, fragments > 0 ? 10L : 0L), (received[IpMib.ReasmReqds], received[IpMib.ReasmOKs]));
    }
}
