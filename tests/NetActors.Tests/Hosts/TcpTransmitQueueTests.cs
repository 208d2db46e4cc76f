using System.Buffers.Binary;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Connections whose segments leave from several CPUs: the application's, and that of the softirq which takes the ACKs.</summary>
public class TcpTransmitQueueTests
{
    private const string Yaml = """
        duration: 12ms
        hosts:
          client:
            cpus: 4
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 4 } }
            tasks:
              - { name: visitors, program: tcp-rr, threads: 4, pin: on, connections: 16, think: 200us, connect: "10.0.0.1:80", response: { 500: 6, 100KiB: 1 } }
          server:
            cpus: 8
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 4 } }
            tasks:
              - { name: nginx, program: tcp-server, cpus: "4-7", threads: 4, pin: on, bind: "0.0.0.0:80", reuseport: on, service: 10us }
        wires:
          - { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 20us }
        """;

    /// <summary>Kernel: <c>ooo_okay</c>, <c>netdev_pick_tx</c>. Without it a segment on an idle queue overtakes those before it on a full one.</summary>
    [Fact]
    public void Keep_to_one_queue_and_their_order_while_any_is_under_way()
    {
        using var run = new Running(Yaml);
        run.Until(12_000);
        var (client, server) = (run.Snapshot.Hosts[0].Mib, run.Snapshot.Hosts[1].Mib);
        Assert.True(server[TcpMib.OutSegs] > 4000);
        Assert.Equal((0, 0), (client[LinuxMib.TCPOFOQueue], server[TcpMib.RetransSegs]));
        Assert.All(run.Plan.Hosts[1].Stack.Devices.OfType<NetActors.Nic.NicDevice>().Single().Counters.Take(8), c => Assert.True(c.TxPackets > 0));
    }

    /// <summary>Kernel: <c>ip_select_ident_segs</c>: a connected socket counts even packets that may not be cut (RFC 6864 lets it).</summary>
    [Fact]
    public void Bear_identifications_that_follow_each_other()
    {
        using var run = new Running(Yaml, capture: true);
        run.Until(3_000);
        var checkedPairs = 0;
        foreach (var flow in run.Captured.Sent().Where(f => f[12] == 8 && f[13] == 0 && (f[47] & 0x02) == 0).GroupBy(f => BinaryPrimitives.ReadUInt16BigEndian(f.AsSpan(34))))
        {
            var ids = flow.Select(f => BinaryPrimitives.ReadUInt16BigEndian(f.AsSpan(18))).ToList();
            ids = [.. ids.OrderBy(id => (short)(id - ids[0]))]; // a pure ACK on another queue may be overtaken: its truesize does not count
            for (var i = 1; i < ids.Count; i++, checkedPairs++) Assert.Equal((ushort)(ids[i - 1] + 1), ids[i]);
        }

        Assert.True(checkedPairs > 100, $"{checkedPairs}");
    }
}
