namespace NetActors.Tests.Hosts;

/// <summary>SO_INCOMING_CPU and SO_INCOMING_NAPI_ID of TCP sockets (specification sections 11.1 and 11.4). The card's one queue interrupts CPU 1.</summary>
public sealed class IncomingCpuTests
{
    private const int IncomingCpu = 49;
    private const int IncomingNapiId = 56;

    [Fact]
    public void A_child_knows_where_its_last_segment_came_and_a_listener_keeps_what_it_was_told()
    {
        List<int> seen = [];
        TcpSteps server = null!, client = null!;
        var yaml = Yaml.Pair().Replace("server:\n    cpus: 1", "server:\n    cpus: 2", StringComparison.Ordinal)
            .Replace("mac: \"02:00:00:00:00:01\",", "mac: \"02:00:00:00:00:01\", smp_affinity_list: { eth0-TxRx-0: \"1\" },", StringComparison.Ordinal);
        using var run = new Running(yaml, prepare: plan =>
        {
            client = TcpSteps.Client(plan.Hosts[0], p => p.Sleep(20), p => p.Send(100));
            server = TcpSteps.AddTo(
                plan.Hosts[1], "server",
                p => p.Socket(),
                p => p.SetOption(IncomingCpu, 7),
                p => p.Bind(9000),
                p => p.Listen(8),
                p => p.Sleep(10), // the connection waits in the queue
                p => p.GetOption(IncomingCpu),
                p => Then(() => seen.Add(p.Value), p.Accept),
                p => p.GetOption(IncomingCpu), // of the ACK, sk_clone_lock
                p => Then(() => seen.Add(p.Value), () => p.GetOption(IncomingNapiId)),
                p => Then(() => seen.Add(p.Value), () => p.Receive(100)),
                p => p.GetOption(IncomingCpu),
                p => Then(() => seen.Add(p.Value), () => p.Sleep(1)));
        });
        run.Until(100_000);
        Assert.Empty(server.Faults.Concat(client.Faults));
        Assert.Equal((4, 7, 1, 1), (seen.Count, seen[0], seen[1], seen[3]));
        Assert.True(seen[2] > 0, "the NAPI of its ACK");
    }

    private static void Then(Action first, Action next)
    {
        first();
        next();
    }
}
