using NetActors.Nic;
using NetActors.Observe;
using NetActors.Tests.Apps.Streams;

namespace NetActors.Tests.Hosts;

/// <summary>TSO, GSO and GRO between two hosts (specification sections 8.5 and 8.7).</summary>
public sealed class OffloadTests
{
    private static readonly string[] Switches = ["tso", "gso", "gro", "tx", "sg", "rx", "rxhash"];

    private static string Bulk(string features, string kernel = "6.x", string wire = "rate: 1Gbit, delay: 100us", string qdisc = "") => $$"""
        duration: 1000s
        kernel: "{{kernel}}"
        hosts:
          sender:
            cpus: 2
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 2, features: { {{features}} }{{qdisc}} } }
            tasks:
              - { name: streams, program: tcp-stream, threads: 2, pin: on, connect: "10.0.0.1:5001", bytes: 1000000B, stop: 500ms }
          receiver:
            cpus: 2
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 2, features: { {{features}} } } }
            tasks:
              - { name: sink, program: tcp-server, threads: 2, pin: on, does: discard, bind: "0.0.0.0:5001", stop: 600ms }
        wires:
          - { between: [sender.eth0, receiver.eth0], {{wire}} }
        """;

    [Theory]
    [InlineData("")]
    [InlineData("tso: off")]
    [InlineData("tso: off, gso: off")]
    [InlineData("gro: off")]
    [InlineData("tx: off")]
    public void Whatever_is_cut_where_the_same_bytes_arrive(string features)
    {
        var (run, audit) = StreamRun.ToTheEnd(Bulk(features, wire: "rate: 10Gbit, delay: 20us"), 1);
        using var _ = run;
        Assert.Equal(4, audit.Whole); // there and back
        var (sender, receiver) = (run.Snapshot.Hosts[0], run.Snapshot.Hosts[1]);
        var frames = sender.Devices.Single(d => d.Name == "eth0").Stats.TxPackets;
        Assert.InRange(frames, 2_000_000 / 1448, 1500); // each frame is full
        Assert.Equal(frames, receiver.Devices.Single(d => d.Name == "eth0").Stats.RxPackets);
        var merged = receiver.Devices.SelectMany(d => d.Queues).Sum(q => q.GroMerged);
        if (features == "gro: off") Assert.Equal(0, merged);
        else Assert.True(merged > frames / 4, $"{merged} of {frames} merged");
        Assert.InRange(frames - merged - receiver.Mib[IpMib.InReceives], 1, 2); // ARP
    }

    [Fact]
    public void Large_packets_take_fewer_descriptors_and_less_of_the_sender_s_time_than_frames()
    {
        var (large, cut) = (Bulk(""), Bulk("tso: off"));
        Assert.True(SystemTime(large) < 0.8 * SystemTime(cut));

        static double SystemTime(string yaml)
        {
            var (run, _) = StreamRun.ToTheEnd(yaml, 1);
            using (run) return run.Snapshot.Hosts[0].Cpus.Sum(c => c.TaskNs + c.SoftirqNs);
        }
    }

    [Fact]
    public void Version_3_10_makes_no_large_packets_for_a_device_without_gso()
    {
        var (run, audit) = StreamRun.ToTheEnd(Bulk("tso: off, gso: off", "3.10"), 1);
        using var _ = run;
        Assert.Equal(4, audit.Whole); // there and back
        Assert.True(run.Snapshot.Hosts[0].Mib[IpMib.OutRequests] >= 2_000_000 / 1448);
    }

    [Theory]
    [InlineData(1, "rate: 1Gbit, delay: 100us")]
    [InlineData(2, "rate: 100Mbit, delay: 1ms")]
    [InlineData(3, "rate: 10Gbit, delay: 10us, loss: 1%, reorder: 2%, reorder-delay: 300us, duplicate: 1%")]
    public void Switched_at_random_while_data_flows_no_byte_is_lost_or_doubled_and_none_sent_again(int seed, string wire)
    {
        var audit = new StreamAudit();
        using var run = new Running(Bulk("", wire: wire), prepare: audit.Attach);
        var random = new Random(seed);
        var cards = run.Plan.Hosts.SelectMany(h => h.Nics).Select(n => new EthtoolSettings(n.Receive)).ToArray();
        for (var time = 0; time < 100_000_000; time += random.Next(1, 200_000))
        {
            run.Until(time / 1000);
            var card = cards[random.Next(cards.Length)];
            Assert.True(card.SetFeature(Switches[random.Next(Switches.Length)], random.Next(2) == 0, run.Simulation.Now).Ok);
        }

        run.Until(300_000_000);
        StreamRun.CheckNothingIsLeft(run);
        Assert.Empty(audit.Check().Faults);
        Assert.Equal(4, audit.Whole); // there and back
        if (!wire.Contains("loss", StringComparison.Ordinal)) Assert.Equal(0, run.Snapshot.Hosts[0].Mib[TcpMib.RetransSegs]);
    }
}
