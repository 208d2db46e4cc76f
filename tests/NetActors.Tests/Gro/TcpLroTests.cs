using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Tests.Apps.Streams;
using NetActors.Tests.Forwarding;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Gro;

/// <summary>LRO, and where it differs from GRO (specification section 8.6; kernel: lib/inet_lro.c, <c>dev_disable_lro</c>).</summary>
public sealed class TcpLroTests
{
    private static readonly GroFrame First = new() { Timestamp = 9 };

    private static List<GroUp> Up(bool isLossy, params GroFrame[] frames)
    {
        var bench = new GroBench { IsLossy = isLossy };
        foreach (var frame in frames) bench.Receive(frame);
        var up = bench.End();
        Assert.Equal(0, bench.Pool.Outstanding);
        return up;
    }

    public static TheoryData<string> Careless => ["ack", "window", "time stamp", "ttl", "tos", "identification", "df", "psh"];

    private static GroFrame Changed(GroFrame frame, string what) => what switch
    {
        "ack" => frame with { Acknowledgment = 77 },
        "window" => frame with { Window = 99 },
        "time stamp" => frame with { Timestamp = 12 },
        "ttl" => frame with { Ttl = 9 },
        "tos" => frame with { Tos = 0x10 },
        "identification" => frame with { Id = 5000 },
        "df" => frame with { DontFragment = false },
        _ => frame with { Flags = TcpFlags.Ack | TcpFlags.Psh },
    };

    [Theory]
    [MemberData(nameof(Careless))]
    public void Lro_merges_what_gro_must_not_and_forgets_where_it_was(string what)
    {
        var second = Changed(First.Next(), what);
        var third = Changed(First.Next().Next(), what);
        var merged = Assert.Single(Up(true, First, second, third));
        Assert.Equal((14 + 20 + 32 + 300, 3), (merged.Frame.Length, merged.GsoSegs));
        Assert.True(Up(false, First, second, third).Count > 1 || what == "psh");
    }

    [Fact]
    public void Acknowledgement_window_and_time_stamp_are_the_last_ones_the_ip_header_the_first_one_s()
    {
        var merged = Assert.Single(Up(true, First, First.Next() with { Acknowledgment = 77, Window = 99, Timestamp = 12, Ttl = 9 }));
        Assert.True(Ipv4Header.TryParse(merged.Frame.AsSpan(14), out var ip));
        Assert.True(TcpHeader.TryParse(ip.Payload, out var tcp));
        Assert.Equal((64, 1u, 77u, 99), (ip.Ttl, tcp.Sequence, tcp.Acknowledgment, tcp.Window));
        Assert.Equal(12u, BinaryPrimitives.ReadUInt32BigEndian(tcp.Options[4..]));
        Assert.True(ip.IsChecksumValid);
    }

    public static TheoryData<string> Refused => ["gap", "older stamp", "fin", "no data", "congestion", "checksum", "options", "fragment"];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Some_things_even_lro_looks_at(string what)
    {
        var next = First.Next();
        next = what switch
        {
            "gap" => next with { Sequence = next.Sequence + 1 },
            "older stamp" => next with { Timestamp = 8 },
            "fin" => next with { Flags = TcpFlags.Ack | TcpFlags.Fin },
            "no data" => next with { Payload = 0 },
            "congestion" => next with { Tos = 3 },
            "checksum" => next with { BadChecksum = true },
            "options" => next with { Timestamp = null },
            _ => next with { MoreFragments = true },
        };
        Assert.Equal([1, 1], Up(true, First, next).Select(u => Math.Max(1, u.GsoSegs)));
    }

    [Fact]
    public void What_lro_made_is_not_forwarded()
    {
        var pool = new SkbPool(2048, 4);
        var skb = pool.Rent()!;
        First.ToBytes()[14..].CopyTo(skb.Put(First.ToBytes().Length - 14));
        var route = new Route(RouteType.Unicast, 2, 1, 0, 1, 1500, IsLocal: false);
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, IpForward.Check(skb, route, new MibSet(), out _));
        skb.Shared.IsLro = true;
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, IpForward.Check(skb, route, new MibSet(), out var error));
        Assert.False(error.IsWanted);
    }

    [Fact]
    public void A_device_that_forwards_has_it_switched_off_from_the_start_or_later()
    {
        using var router = new Running(RouterYaml.Text(features: "lro: on"));
        Assert.Equal(NicFeatures.None, router.Host.Nics[0].Receive.Features & NicFeatures.Lro);
        using var host = new Running(RouterYaml.Text(features: "lro: on", sysctl: ", net.ipv4.conf.eth0.forwarding: 0"));
        Assert.Equal(NicFeatures.Lro, host.Host.Nics[0].Receive.Features & NicFeatures.Lro);
        host.Simulation.ChangeNet("router", t => t.SetForwarding(true));
        Assert.Equal(NicFeatures.None, host.Host.Nics[0].Receive.Features & NicFeatures.Lro);
    }

    [Theory]
    [InlineData("lro: on, gro: off")]
    [InlineData("lro: on, gro: on")]
    public void Every_byte_of_a_stream_comes_through_once_and_in_order(string features)
    {
        var yaml = $$"""
            duration: 1000s
            hosts:
              sender:
                cpus: 2
                devices: { eth0: { addresses: [10.0.0.2/24], queues: 2, features: { {{features}} } } }
                tasks: [ { name: streams, program: tcp-stream, threads: 2, pin: on, connect: "10.0.0.1:5001", bytes: 300000B, stop: 500ms } ]
              receiver:
                cpus: 2
                devices: { eth0: { addresses: [10.0.0.1/24], queues: 2, features: { {{features}} } } }
                tasks: [ { name: sink, program: tcp-server, threads: 2, pin: on, does: discard, bind: "0.0.0.0:5001", stop: 600ms } ]
            wires: [ { between: [sender.eth0, receiver.eth0], rate: 10Gbit, delay: 20us } ]
            """;
        var (run, audit) = StreamRun.ToTheEnd(yaml, 1);
        using var _ = run;
        Assert.Equal(4, audit.Whole);
        Assert.True(run.Device("eth0", 1).Queues.Sum(q => q.GroMerged) > 100);
    }
}
