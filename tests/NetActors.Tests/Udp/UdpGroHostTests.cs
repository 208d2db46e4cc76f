using NetActors.Links;
using NetActors.Observe;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Udp;

/// <summary>Merged datagrams: for sockets that asked (UDP_GRO), for others cut again (kernel: <c>udp_gro_receive</c>, <c>udp_rcv_segment</c>).</summary>
public sealed class UdpGroHostTests
{
    private const int Datagrams = 20, Payload = 200;

    private static (long Received, long Bytes, long Merged, MibSet Mib) Run(string features, string more, string kernel = "6.x", int payload = Payload)
    {
        var frames = Enumerable.Range(0, Datagrams).Select(i => HostFrames.Udp(payload: payload, id: (ushort)i));
        var yaml = Yaml.Server(device: $"queues: 1, coalesce: {{ rx-usecs: 50, rx-frames: 0 }}, features: {{ {features} }}", tasks: Yaml.Sink("batch: 32" + more), top: $"kernel: \"{kernel}\"")
            .Replace("features: { gro: off }, coalesce: { rx-usecs: 0, rx-frames: 1 }, ", "", StringComparison.Ordinal);
        using var run = new Running(yaml, frames: frames.Select((f, i) => ("server.eth0", new WireFrame(f, 0, f.Length, KernelTime.FromNanoseconds(1000 + (i * 100)), Id: i + 1))));
        run.Until(10_000);
        var socket = run.Socket("sink");
        return (socket.Delivered, socket.DeliveredBytes, run.Device("eth0").Queues.Sum(q => q.GroMerged), run.Mib);
    }

    [Fact]
    public void Nobody_asked_nothing_is_merged()
    {
        var (received, bytes, merged, mib) = Run("gro: on", "");
        Assert.Equal((Datagrams, Datagrams * Payload, 0L), (received, bytes, merged));
        Assert.Equal(Datagrams, mib[UdpMib.InDatagrams]);
    }

    [Fact]
    public void A_socket_that_asked_gets_them_as_one()
    {
        var (received, bytes, merged, mib) = Run("gro: on", ", udp-gro: on");
        Assert.Equal((1L, Datagrams * Payload, Datagrams - 1), (received, bytes, merged));
        Assert.Equal((1L, 1L), (mib[UdpMib.InDatagrams], mib[IpMib.InDelivers]));
    }

    [Theory]
    [InlineData("gro: off", ", udp-gro: on")]
    [InlineData("gro: on, rx-udp-gro-forwarding: on", "")] // merged before anybody looks for a socket, and cut again
    public void Elsewhere_every_datagram_comes_by_itself(string features, string more)
    {
        var (received, bytes, _, mib) = Run(features, more);
        Assert.Equal((Datagrams, Datagrams * Payload), (received, bytes));
        Assert.Equal(Datagrams, mib[UdpMib.InDatagrams]);
    }

    [Fact]
    public void With_the_feature_for_forwarding_local_ones_are_merged_on_the_way_up_too()
    {
        var (_, _, merged, mib) = Run("gro: on, rx-udp-gro-forwarding: on", "");
        Assert.Equal((Datagrams - 1, 1L), (merged, mib[IpMib.InDelivers]));
    }
}
