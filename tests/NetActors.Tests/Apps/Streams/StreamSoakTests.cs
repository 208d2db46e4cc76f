using NetActors.Observe;

namespace NetActors.Tests.Apps.Streams;

public sealed class StreamSoakTests
{
    /// <summary>Two hosts of 16 CPUs, a thousand connections of mixed programs, a wire that loses, doubles and holds back.</summary>
    internal static string Mixed(int seed) => $$"""
        duration: 300s
        seed: {{seed}}
        hosts:
          client:
            cpus: 16
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 16 } }
            tasks:
              - { name: rr, program: tcp-rr, threads: 8, connections: 50, connect: "10.0.0.1:80", size: { 64: 5, 3000: 1 }, response: { 200: 8, 20000: 1 }, think: 20ms, stop: 2s }
              - { name: rr-open, program: tcp-rr, threads: 4, connections: 25, rate: 1kpps, arrival: poisson, connect: "10.0.0.1:81", io: poll, stop: 2s }
              - { name: rr-blocking, program: tcp-rr, threads: 100, io: blocking, connect: "10.0.0.1:82", response: 5000, think: 30ms, stop: 2s }
              - { name: crr, program: tcp-crr, threads: 4, connections: 25, connect: "10.0.0.1:83", response: 700, think: 50ms, stop: 2s }
              - { name: streams, program: tcp-stream, threads: 4, connections: 25, connect: "10.0.0.1:84", bytes: 100000B, congestion: bbr, stop: 3s }
              - { name: slow, program: tcp-stream, threads: 2, connections: 25, connect: "10.0.0.1:85", bytes: 60000B, stop: 3s }
              - { name: echo, program: tcp-rr, threads: 2, connections: 75, connect: "10.0.0.1:86", size: 2000, response: 2000, think: 50ms, nodelay: on, congestion: reno, stop: 2s }
          server:
            cpus: 16
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 16 } }
            tasks:
              - { name: nginx, program: tcp-server, threads: 8, bind: "0.0.0.0:80", reuseport: on, service: 5us, stop: 100s }
              - { name: polling, program: tcp-server, io: poll, bind: "0.0.0.0:81", stop: 100s }
              - { name: threads, program: tcp-server, io: blocking, threads: 100, bind: "0.0.0.0:82", stop: 100s }
              - { name: herd, program: tcp-server, io: epoll-et, threads: 4, bind: "0.0.0.0:83", stop: 100s }
              - { name: sink, program: tcp-server, does: discard, bind: "0.0.0.0:84", stop: 100s }
              - { name: slow-sink, program: tcp-server, does: discard, read: 2000B, pause: 5ms, rcvbuf: 16KiB, threads: 2, exclusive: on, bind: "0.0.0.0:85", stop: 100s }
              - { name: mirror, program: tcp-server, does: echo, threads: 2, bind: "0.0.0.0:86", stop: 100s }
        wires:
          - { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 100us, loss: 1%, duplicate: 1%, reorder: 2%, reorder-delay: 300us }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_thousand_mixed_connections_over_a_bad_wire_deliver_every_byte_in_order_once_and_leave_nothing(int seed)
    {
        var (run, audit) = StreamRun.ToTheEnd(Mixed(seed), 100, mayFail: true);
        using (run)
        {
            Assert.True(audit.Whole > 2000, $"{audit.Whole} whole streams");
            foreach (var (client, server) in new[]
                     {
                         ("rr", "nginx"), ("rr-open", "polling"), ("rr-blocking", "threads"), ("crr", "herd"), ("streams", "sink"), ("slow", "slow-sink"),
                         ("echo", "mirror"),
                     })
            {
                var (asked, answered) = (StreamRun.Of(run, client), StreamRun.Of(run, server));
                Assert.Equal((client, 0, 0), (client, asked.Open, answered.Open));
                if (asked.Failed == 0 && answered.Failed == 0) Assert.Equal((client, asked.BytesSent), (client, answered.BytesReceived));
            }

            var wire = run.Snapshot.Wires[0];
            Assert.True(wire.Lost > 100 && wire.Duplicated > 100 && wire.Reordered > 100);
            Assert.True(run.Mib[LinuxMib.TCPFastRetrans] > 100);
        }
    }
}
