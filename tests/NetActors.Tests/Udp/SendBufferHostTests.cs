using NetActors.Buffers;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Udp;

/// <summary>SO_SNDBUF of UDP sockets over a slow wire (kernel: sock_alloc_send_pskb, sock_wfree; specification section 11.5).</summary>
public sealed class SendBufferHostTests
{
    private const int TrueSize = 2304; // of a 1000-byte datagram

    private static string Flood(string more = "") =>
        $$"""{ name: flood, program: packet-flood, destination: "10.0.0.1:9000", rate: 100kpps, size: 1000, stop: 10ms, batch: 32 {{more}} }""";

    [Fact]
    public void Sender_sleeps_when_its_packets_fill_the_send_buffer_and_loses_none()
    {
        using var run = new Running(Yaml.Pair(Flood(), Yaml.Sink(), "rate: 10Mbit"));
        run.Until(5_000);
        var socket = run.Socket("flood");
        Assert.InRange(socket.SendBuffer.WmemAlloc, 212_992 / 2, 212_992 + TrueSize);
        run.Until(2_000_000);
        Assert.Equal(0, socket.SendBuffer.WmemAlloc);
        Assert.Equal((0L, 1000L, 1000L), (run.Dropped(SkbDropReason.FULL_RING), socket.TxPackets, run.Socket("sink").Delivered));
    }

    [Fact]
    public void Sender_goes_on_when_half_of_the_buffer_is_free() // specification 11.5: UDP is writable when wmem < sndbuf / 2
    {
        using var run = new Running(Yaml.Pair(Flood(), Yaml.Sink(), "rate: 10Mbit"));
        var most = 0;
        var leastWhileBlocked = int.MaxValue;
        for (var at = 1_000; at < 60_000; at += 100)
        {
            run.Until(at);
            var used = run.Socket("flood").SendBuffer.WmemAlloc;
            most = Math.Max(most, used);
            if (run.Socket("flood").TxPackets < 1000) leastWhileBlocked = Math.Min(leastWhileBlocked, used);
        }

        Assert.InRange(most, 212_992 - TrueSize, 212_992 + TrueSize);
        Assert.InRange(leastWhileBlocked, (212_992 / 2) - (3 * TrueSize), (212_992 / 2) + TrueSize);
    }

    [Fact]
    public void Fragments_are_charged_to_their_sender()
    {
        using var run = new Running(Yaml.Pair(Flood().Replace("size: 1000", "size: 4000", StringComparison.Ordinal), Yaml.Sink(), "rate: 10Mbit"));
        run.Until(5_000);
        Assert.True(run.Socket("flood").SendBuffer.WmemAlloc > 212_992 / 2);
        run.Until(5_000_000);
        Assert.Equal(0, run.Socket("flood").SendBuffer.WmemAlloc);
        Assert.Equal(1000, run.Socket("sink").Delivered);
    }
}
