using System.Globalization;
using System.Text;

namespace NetActors.Tests.Apps.Streams;

/// <summary>Programs, wires and buffers drawn at random: whatever they are, every byte comes in order exactly once or the connection says why not.</summary>
public sealed class RandomStreamTests
{
    private static readonly string[] Ios = ["blocking", "poll", "epoll", "epoll-et", "select"];
    private static readonly string[] Congestions = ["reno", "cubic", "dctcp", "bbr", "tahoe"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("NETACTORS_STREAM_SEEDS") ?? "12", CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_programs_over_a_random_wire_deliver_every_byte_once_or_say_why_not(int seed)
    {
        var hasty = new List<int>();
        var yaml = Scenario(new Random(seed), seed, hasty);
        try
        {
            var (run, audit) = StreamRun.ToTheEnd(yaml, 600, mayFail: true, [.. hasty]);
            using (run) Assert.True(audit.Ends > 0);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{e.Message}\n{yaml}", e);
        }
    }

    private static string Scenario(Random random, int seed, List<int> hasty)
    {
        var (clients, servers) = (new StringBuilder(), new StringBuilder());
        var pairs = random.Next(1, 5);
        for (var i = 0; i < pairs; i++) AddPair(random, i, clients, servers, hasty);
        var none = random.Next(2) == 0 ? "cost-model: none" : "";
        return $$"""
            duration: 1000s
            seed: {{seed}}
            {{none}}
            clock: { quantum: {{random.Next(3) * 2}}us }
            hosts:
              client:
                cpus: {{random.Next(1, 5)}}
                devices: { eth0: { addresses: [10.0.0.2/24], queues: 1{{Mtu(random)}} } }
                tasks:
            {{clients}}
              server:
                cpus: {{random.Next(1, 5)}}
                devices: { eth0: { addresses: [10.0.0.1/24], queues: 1{{Mtu(random)}} } }
                tasks:
            {{servers}}
            wires:
              - { between: [client.eth0, server.eth0], rate: {{random.Next(1, 100) * 10}}Mbit, delay: {{random.Next(1, 5000)}}us, loss: {{Share(random, 8)}}, duplicate: {{Share(random, 5)}}, reorder: {{Share(random, 10)}}, reorder-delay: {{random.Next(1, 3000)}}us, corrupt: {{Share(random, 2)}} }
            """;
    }

    private static string Mtu(Random random) => random.Next(4) == 0 ? ", mtu: " + random.Next(296, 1500).ToString(CultureInfo.InvariantCulture) : "";

    private static string Share(Random random, double most) =>
        (random.Next(3) == 0 ? 0 : random.NextDouble() * most).ToString("F2", CultureInfo.InvariantCulture) + "%";

    private static void AddPair(Random random, int number, StringBuilder clients, StringBuilder servers, List<int> hasty)
    {
        var kind = random.Next(4);
        var (io, port) = (Ios[random.Next(Ios.Length)], 80 + number);
        var (clientIo, threads) = (Ios[random.Next(Ios.Length)], random.Next(1, 4));
        var connections = clientIo == "blocking" || io == "blocking" ? 1 : random.Next(1, 20);
        var program = kind switch
        {
            0 => $"program: tcp-rr, size: {random.Next(8, 4000)}, response: {random.Next(1, 60000)}, requests: {random.Next(4) * 3}, think: {random.Next(1, 50)}ms",
            1 => $"program: tcp-crr, size: {random.Next(8, 3000)}, response: {random.Next(1, 30000)}, think: {random.Next(1, 50)}ms",
            2 => $"program: tcp-stream, bytes: {random.Next(0, 400_000) + (random.Next(2) * 1_000_000)}B, send: {random.Next(1, 65536)}B",
            _ => $"program: tcp-rr, rate: {random.Next(1, 500)}pps, arrival: poisson, size: 300, response: 300",
        };
        var serverKind = kind == 2 ? "discard" + (random.Next(2) == 0 ? ", pause: 1ms" : "") : kind == 3 ? "echo" : "answer";
        clients.AppendLine(CultureInfo.InvariantCulture,
            $"      - {{ name: c{number}, {program}, io: {clientIo}, threads: {threads}, connections: {connections}, connect: \"10.0.0.1:{port}\", stop: {random.Next(300, 2000)}ms{Socket(random)} }}");
        if (random.Next(4) == 0) hasty.Add(port);
        servers.AppendLine(CultureInfo.InvariantCulture,
            $"      - {{ name: s{number}, program: tcp-server, does: {serverKind}, io: {io}, threads: {(io == "blocking" ? threads : random.Next(1, 4))}, bind: \"0.0.0.0:{port}\", reuseport: {(io != "blocking" && random.Next(2) == 0 ? "on" : "off")}, backlog: {random.Next(0, 20)}, read: {random.Next(100, 65536)}B, stop: {(hasty.Contains(port) ? "1s" : "400s")}{Socket(random)} }}");
    }

    private static string Socket(Random random)
    {
        var text = "";
        if (random.Next(3) == 0) text += string.Create(CultureInfo.InvariantCulture, $", rcvbuf: {random.Next(1, 100_000)}B");
        if (random.Next(3) == 0) text += string.Create(CultureInfo.InvariantCulture, $", sndbuf: {random.Next(1, 100_000)}B");
        if (random.Next(3) == 0) text += ", nodelay: on";
        return random.Next(2) == 0 ? text + $", congestion: {Congestions[random.Next(Congestions.Length)]}" : text;
    }
}
