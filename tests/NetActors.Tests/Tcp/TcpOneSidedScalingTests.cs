using NetActors.Tcp;

namespace NetActors.Tests.Tcp;

/// <summary>A large receive buffer and a peer that does not scale (RFC 7323 section 2.2): no window beyond 65535 is ever said.</summary>
public class TcpOneSidedScalingTests
{
    [Theory]
    [InlineData("mss 1000")]
    [InlineData("mss 1000,sackOK")]
    public void Without_scaling_the_window_said_is_65535_at_most_and_what_it_promises_is_taken(string options)
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpRmem = new TcpMemoryTriple(4096, 4_000_000, 6_000_000) }, synOptions: options);
        for (var seq = 1; seq < 40_001; seq += 1000) peer.Says($". {seq}:{seq + 1000}(1000) ack 1 win 20000");
        Assert.True(peer.Pending >= 2);
        while (peer.Pending > 0) Assert.Equal(ushort.MaxValue, peer.Next().Window);
        Assert.Equal(40_000, peer.Sock.Readable);
    }

    [Fact]
    public void A_connecting_host_that_offered_scaling_does_without_when_the_answer_does_not_have_it()
    {
        var peer = TcpSocks.Closed(TcpSocks.Sysctls with { TcpRmem = new TcpMemoryTriple(4096, 4_000_000, 6_000_000) }).Connect();
        Assert.Equal(ushort.MaxValue, peer.Next().Window);
        peer.Says("S. 0:0(0) ack 1 win 20000 <mss 1000>");
        Assert.Equal(ushort.MaxValue, peer.Next().Window);
        peer.Says("P. 1:1001(1000) ack 1 win 20000").Reads(1000).Says("P. 1001:2001(1000) ack 1 win 20000");
        while (peer.Pending > 0) Assert.Equal(ushort.MaxValue, peer.Next().Window);
    }
}
