using NetActors.Apps.Streams;
using NetActors.Costs;
using NetActors.Sockets;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Apps.Streams;

public sealed class StreamProgramTests
{
    private const string Answering = """name: server, program: tcp-server, bind: "0.0.0.0:80", stop: 2s""";
    private const string Asking = """name: client, connect: "10.0.0.1:80", stop: 1s""";

    private const string Resolving = """, { name: ping, program: ping, destination: 10.0.0.1, count: 1 }"""; // else 256 SYNs wait for the neighbour

    [Theory]
    [InlineData("blocking", "blocking", 1, 1)]
    [InlineData("blocking", "poll", 1, 1)]
    [InlineData("blocking", "epoll", 1, 1)]
    [InlineData("poll", "blocking", 4, 1)]
    [InlineData("epoll", "poll", 1, 5)]
    [InlineData("poll", "epoll", 2, 5)]
    [InlineData("epoll", "epoll", 1, 20)]
    [InlineData("epoll-et", "epoll-et", 1, 20)]
    [InlineData("epoll-et", "blocking", 2, 3)]
    [InlineData("blocking", "epoll-et", 3, 1)]
    [InlineData("select", "select", 2, 5)]
    [InlineData("select", "epoll", 1, 20)]
    [InlineData("blocking", "select", 2, 1)]
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
    [InlineData("epoll-et", "epoll-et")]
    [InlineData("select", "select")]
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

    /// <summary>Specification section 11.6: with EPOLLEXCLUSIVE the first-added instance that is blocked wins; of one that is busy the next is woken.</summary>
    [Fact]
    public void Watched_exclusively_a_listener_wakes_the_worker_that_watched_it_first()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-crr, think: 10ms }""", $$"""{ {{Answering}}, threads: 4, exclusive: on }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run) Assert.Equal([100L, 0L, 0L, 0L], AcceptedByThread(run).OrderDescending());
    }

    /// <summary>Specification section 11.6: waiters of a blocking accept() are woken in the order in which they came.</summary>
    [Fact]
    public void Threads_that_sleep_in_accept_take_turns()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-crr, think: 10ms }""", $$"""{ {{Answering}}, io: blocking, threads: 4 }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run) Assert.Equal([25L, 25L, 25L, 25L], AcceptedByThread(run));
    }

    /// <summary>
    /// A level-triggered server needs one recv() a request, and for the first request of a connection an epoll_ctl(); an edge-triggered one reads
    /// once more, in vain, and accepts until there is none (epoll(7)).
    /// </summary>
    [Fact]
    public void By_edges_a_server_reads_until_there_is_no_more()
    {
        var (level, edge) = (CallsOfOneConnection("epoll"), CallsOfOneConnection("epoll-et"));
        Assert.Equal(1, level.Accepts);
        Assert.Equal(2, edge.Accepts);
        Assert.InRange(level.Reads / (double)level.Requests, 1, 1.1);
        Assert.InRange(edge.Reads / (double)edge.Requests, 2, 2.1);
    }

    /// <summary>
    /// poll() and select() ask every file they are told of, ready or not (kernel: <c>do_poll</c>, <c>do_select</c>): 30 idle connections cost
    /// each request 30 looks.
    /// </summary>
    [Theory]
    [InlineData("poll")]
    [InlineData("select")]
    public void Polling_costs_a_look_at_every_connection(string io)
    {
        var (few, many) = (LooksForARequest(2, io), LooksForARequest(32, io));
        Assert.InRange(few, 3, 13); // the listener and the connections, some times
        Assert.InRange(many - few, 30, 130);
    }

    /// <summary>
    /// FD_SETSIZE (select(2)): descriptors from 1024 on cannot be put into a set. With standard input, output, error and the listener before
    /// them, 1020 connections can; the others are hung up on, where epoll serves all.
    /// </summary>
    [Theory]
    [InlineData("select", 1020, 80)]
    [InlineData("epoll", 1100, 0)]
    public void A_server_that_selects_serves_descriptors_below_1024(string io, int open, int refused)
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, connections: 1100, nofile: 4096, think: 500ms, start: 5ms }{{Resolving}}""",
            $$"""{ {{Answering}}, io: {{io}}, nofile: 4096, backlog: 4096 }""", "delay: 5us, rate: 1Gbit").Replace("cost-model: none", "", StringComparison.Ordinal);
        using var run = new Running(yaml);
        run.Until(90_000); // before who was refused comes again
        var server = StreamRun.Of(run, "server");
        Assert.Equal((1100L, (long)open, (long)refused), (server.Accepted, server.Open, server.Failed));
        Assert.Equal(refused, StreamRun.Of(run, "client").Failed);
        Assert.True(server.Requests >= open);
    }

    /// <summary>A client cannot either: what socket() answers beyond FD_SETSIZE it closes.</summary>
    [Fact]
    public void A_client_that_selects_has_descriptors_below_1024()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, io: select, connections: 1100, nofile: 4096, think: 500ms, start: 5ms }{{Resolving}}""",
            $$"""{ {{Answering}}, nofile: 4096, backlog: 4096 }""", "delay: 5us, rate: 1Gbit").Replace("cost-model: none", "", StringComparison.Ordinal);
        using var run = new Running(yaml);
        run.Until(90_000);
        Assert.Equal((1021L, 79L), (StreamRun.Of(run, "client").Connected, StreamRun.Of(run, "client").Failed));
    }

    private static double LooksForARequest(int connections, string io)
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: tcp-rr, connections: {{connections}}, rate: 1kpps }""", $$"""{ {{Answering}}, io: {{io}} }""");
        using var run = new Running(yaml);
        run.Until(900_000);
        return run.Plan.Hosts[1].Cpus[0].Cpu.Operations[(int)CostOp.PollFile] / (double)StreamRun.Of(run, "server").Requests;
    }

    private static (long Requests, int Reads, int Accepts) CallsOfOneConnection(string io)
    {
        var yaml = Yaml.Pair($$"""{ {{Asking}}, program: tcp-rr, think: 10ms }""", $$"""{ {{Answering}}, io: {{io}} }""");
        var (reads, accepts) = (0, 0);
        using var run = new Running(yaml, prepare: plan => plan.Hosts[1].Tasks.Select(t => t.Program).OfType<StreamProgram>().Single().Made = name =>
        {
            if (name == Syscall.Receive) reads++;
            if (name == Syscall.Accept) accepts++;
        });
        run.Until(1_000_000);
        return (StreamRun.Of(run, "server").Requests, reads, accepts);
    }

    private static List<long> AcceptedByThread(Running run) =>
        [.. run.Plan.Hosts[1].Tasks.Select(t => ((StreamProgram)t.Program).Counters.Accepted)];

    [Fact]
    public void Memcached_gets_and_sets_are_as_long_as_its_binary_protocol_makes_them()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: memcached-client, connections: 4, think: 1ms, keys: 30, values: 1000, sets: 25% }""", $$"""{ {{Answering}} }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            const int GetRequest = 24 + 30, GetAnswer = 24 + 4 + 1000, SetRequest = 24 + 8 + 30 + 1000, SetAnswer = 24;
            var asked = StreamRun.Of(run, "client");
            var sets = (asked.BytesSent - (asked.Requests * GetRequest)) / (double)(SetRequest - GetRequest);
            Assert.Equal(asked.BytesReceived, (asked.Requests * GetAnswer) - ((long)sets * (GetAnswer - SetAnswer)));
            Assert.InRange(sets / asked.Requests, 0.22, 0.28);
            Assert.Equal(asked.Requests, StreamRun.Of(run, "server").Requests);
        }
    }

    [Fact]
    public void Memcached_clients_ask_with_the_sizes_of_etc_unless_told_otherwise()
    {
        var yaml = Yaml.Pair(
            $$"""{ {{Asking}}, program: memcached-client, connections: 8, rate: 20kpps, arrival: poisson }""", $$"""{ {{Answering}} }""");
        var (run, _) = StreamRun.ToTheEnd(yaml, 3);
        using (run)
        {
            var asked = StreamRun.Of(run, "client");
            Assert.InRange(asked.Requests, 19_000, 21_000);
            Assert.InRange(asked.BytesSent / (double)asked.Requests, 60, 72); // a header and a key, and each 31st time a value
            Assert.InRange(asked.BytesReceived / (double)asked.Requests, 200, 240); // a header, flags and a value of 198 bytes in the mean
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
