using NetActors.Apps.Streams;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Apps.Streams;

public sealed class StreamProgramTests
{
    private const string Answering = """name: server, program: tcp-server, bind: "0.0.0.0:80", stop: 2s""";
    private const string Asking = """name: client, connect: "10.0.0.1:80", stop: 1s""";

    [Theory]
    [InlineData("blocking", "blocking", 1, 1)]
    [InlineData("blocking", "poll", 1, 1)]
    [InlineData("blocking", "epoll", 1, 1)]
    [InlineData("poll", "blocking", 4, 1)]
    [InlineData("epoll", "poll", 1, 5)]
    [InlineData("poll", "epoll", 2, 5)]
    [InlineData("epoll", "epoll", 1, 20)]
    public void Requests_over_any_kind_of_waiting_are_all_answered(string client, string server, int threads, int connections)
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, io: {{client}}, threads: {{threads}}, connections: {{connections}}, size: 100, response: 1000, think: 1ms }""",
            $$"""{ {{Answering}}, io: {{server}}, threads: {{(server == "blocking" ? threads * connections : 2)}} }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            var (asked, answered) = (StreamRun.Of(run, "client"), StreamRun.Of(run, "server"));
            Assert.Equal(threads * connections, asked.Connected);
            Assert.Equal(threads * connections, answered.Accepted);
            Assert.InRange(asked.Requests, 900 * threads * connections, 1001 * threads * connections);
            Assert.Equal(asked.Requests, answered.Requests);
            Assert.Equal(asked.Requests * 100, asked.BytesSent);
            Assert.Equal(asked.Requests * 1000, asked.BytesReceived);
            Assert.Equal((0, 0), (asked.Open, answered.Open));
            Assert.Equal((0, 0), (asked.Failed, answered.Failed));
            Assert.Equal(asked.Requests, StreamRun.Latency(run, "client/client").Count);
        }
    }

    [Fact]
    public void A_connection_for_each_request_is_closed_after_it()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-crr, connections: 4, think: 1ms }""", $$"""{ {{Answering}} }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            var (asked, answered) = (StreamRun.Of(run, "client"), StreamRun.Of(run, "server"));
            Assert.InRange(asked.Requests, 3600, 4004);
            Assert.Equal(asked.Requests, asked.Connected);
            Assert.Equal(asked.Requests, asked.Closed);
            Assert.Equal(asked.Requests, answered.Accepted);
            Assert.Equal(asked.Requests, answered.Closed);
        }
    }

    [Fact]
    public void An_open_loop_asks_at_its_rate_and_counts_latency_from_the_intended_time()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, connections: 1, rate: 2kpps }""", $$"""{ {{Answering}}, service: 1ms }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            Assert.InRange(StreamRun.Of(run, "client").Requests, 950, 1000); // one at a time, a millisecond each
            Assert.InRange(StreamRun.Latency(run, "client/client").MaxNs, 450_000_000, 510_000_000); // twice as many should have left
        }
    }

    [Theory]
    [InlineData("blocking", "blocking")]
    [InlineData("epoll", "poll")]
    [InlineData("poll", "epoll")]
    public void A_stream_of_given_length_arrives_whole(string client, string server)
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-stream, io: {{client}}, bytes: 3000001B }""", $$"""{ {{Answering}}, io: {{server}}, does: discard }""");
        var (run, audit) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            Assert.Equal(3_000_001, StreamRun.Of(run, "client").BytesSent);
            Assert.Equal(3_000_001, StreamRun.Of(run, "server").BytesReceived);
            Assert.Equal(2, audit.Whole); // the empty one of the other direction too
        }
    }

    [Fact]
    public void A_slow_reader_holds_the_sender_back_by_its_window()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-stream }""", $$"""{ {{Answering}}, does: discard, read: 1000B, pause: 10ms, rcvbuf: 8KiB }""".Replace(", stop: 2s", "", StringComparison.Ordinal));
        using var run = new Running(yaml);
        run.Until(1_000_000);
        Assert.InRange(StreamRun.Of(run, "server").BytesReceived, 80_000, 101_000); // at most a thousand each 10 ms; less where the window ends
        Assert.True(run.Plan.Hosts[0].Stack.Tcp.Context.Chunks.Outstanding < 2000);
    }

    [Fact]
    public void A_client_that_is_refused_comes_back_a_tenth_of_a_second_later()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, think: 1ms }""", $$"""{ {{Answering}}, start: 250ms }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            Assert.Equal((1, 3), (StreamRun.Of(run, "client").Connected, StreamRun.Of(run, "client").Failed));
        }
    }

    [Theory]
    [InlineData("off", 0.9, 1.1)] // each connection wakes every worker once
    [InlineData("on", 0, 0.1)]
    public void Workers_that_share_a_listener_are_a_thundering_herd_unless_they_watch_it_exclusively(string exclusive, double least, double most)
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-crr, think: 1ms }""", $$"""{ {{Answering}}, threads: 4, exclusive: {{exclusive}} }""")
            .Replace("cpus: 1", "cpus: 4", StringComparison.Ordinal).Replace("cost-model: none", "", StringComparison.Ordinal);
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            var bystanders = run.Plan.Hosts[1].Tasks.Where(t => ((StreamProgram)t.Program).Counters.Accepted == 0).ToList();
            Assert.Equal(3, bystanders.Count); // one is always the first to get there
            var connections = (double)StreamRun.Of(run, "server").Accepted;
            Assert.All(bystanders, t => Assert.InRange(run.Cpu(t.Cpu.Cpu.LocalId, host: 1).ContextSwitches / connections, least, most));
        }
    }

    [Fact]
    public void Reuseport_gives_each_worker_connections_of_its_own()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, connections: 64, think: 10ms }""", $$"""{ {{Answering}}, threads: 4, reuseport: on }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            var accepted = run.Plan.Hosts[1].Tasks.Select(t => ((StreamProgram)t.Program).Counters.Accepted).ToList();
            Assert.Equal(64, accepted.Sum());
            Assert.All(accepted, n => Assert.InRange(n, 6, 30));
        }
    }

    [Fact]
    public void An_echo_sends_everything_back()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, size: 5000, response: 5000, connections: 3, think: 1ms }""", $$"""{ {{Answering}}, does: echo, read: 700 }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            var (asked, answered) = (StreamRun.Of(run, "client"), StreamRun.Of(run, "server"));
            Assert.True(asked.Requests > 1000);
            Assert.Equal(asked.BytesSent, answered.BytesSent);
        }
    }
}
