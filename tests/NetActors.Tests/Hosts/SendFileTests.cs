using NetActors.Costs;
using NetActors.Scenarios;
using NetActors.Sockets;
using NetActors.Tests.Apps.Streams;

namespace NetActors.Tests.Hosts;

/// <summary>How a server's answers get to the socket: copied, in place, or out of the page cache.</summary>
public sealed class SendFileTests
{
    private const int Answer = 1_000_000;

    private static string Files(string server, string client = "connections: 2", string device = "", string io = "epoll") => $$"""
        duration: 1000s
        hosts:
          client:
            cpus: 1
            cost-model: none
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 1 } }
            tasks: [ { name: get, program: tcp-rr, connect: "10.0.0.1:80", response: {{Answer}}B, stop: 40ms, {{client}} } ]
          server:
            cpus: 1
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 1 {{device}} } }
            tasks: [ { name: files, program: tcp-server, bind: "0.0.0.0:80", stop: 60ms, io: {{io}}, threads: 2, {{server}} } ]
        wires: [ { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 20us } ]
        """;

    private static (long Copied, long Pages) Paid(Running run)
    {
        var cpu = run.Plan.Hosts[1].Cpus[0].Cpu;
        return (cpu.OperationNanoseconds[(int)CostOp.CopyPerKiB], cpu.Operations[(int)CostOp.SplicePage]);
    }

    [Theory]
    [InlineData("copy", "epoll")]
    [InlineData("zerocopy", "epoll")]
    [InlineData("sendfile", "epoll")]
    [InlineData("zerocopy", "epoll-et")]
    [InlineData("sendfile", "epoll-et")]
    [InlineData("zerocopy", "poll")]
    [InlineData("sendfile", "poll")]
    [InlineData("zerocopy", "blocking")]
    [InlineData("sendfile", "blocking")]
    public void Every_byte_comes_whichever_way_it_is_sent(string way, string io)
    {
        var (run, audit) = StreamRun.ToTheEnd(Files($"send-by: {way}", io: io), 1);
        using var _ = run;
        var answers = StreamRun.Of(run, "get").Requests;
        Assert.True(answers > 20, $"{answers} answers");
        Assert.True(audit.Whole >= 4);
        Assert.Equal(answers * Answer, StreamRun.Of(run, "get").BytesReceived);
    }

    [Fact]
    public void Pages_that_are_referenced_are_not_copied()
    {
        using var copy = StreamRun.ToTheEnd(Files("send-by: copy"), 1).Run;
        using var file = StreamRun.ToTheEnd(Files("send-by: sendfile"), 1).Run;
        var (copies, none) = Paid(copy);
        var (requests, pages) = Paid(file);
        Assert.Equal(0, none);
        Assert.True(copies > 100 * requests, $"{copies} ns and {requests} ns"); // requests are read still
        var sent = StreamRun.Of(file, "files").BytesSent;
        Assert.InRange(pages, sent / PageCacheFile.PageBytes, 2 * sent / PageCacheFile.PageBytes);
    }

    [Fact]
    public void It_costs_less_cpu_for_an_answer()
    {
        double Cost(string way)
        {
            using var run = StreamRun.ToTheEnd(Files($"send-by: {way}", "rate: 100pps, connections: 1"), 1).Run;
            var cpu = run.Cpu(0, 1);
            return (double)(cpu.SystemNs + cpu.SoftirqNs) / StreamRun.Of(run, "files").Requests;
        }

        var (copy, zeroCopy, file) = (Cost("copy"), Cost("zerocopy"), Cost("sendfile"));
        Assert.True(file < 0.8 * copy, $"{copy} and {file} ns");
        Assert.True(zeroCopy < copy, $"{copy} and {zeroCopy} ns");
    }

    [Fact]
    public void A_device_that_cannot_send_from_pages_has_them_copied()
    {
        using var run = StreamRun.ToTheEnd(Files("send-by: sendfile", device: ", features: { sg: off }"), 1).Run;
        var (copies, pages) = Paid(run);
        Assert.Equal(0, pages);
        Assert.True(copies > 1_000_000);
    }

    [Fact]
    public void The_pipe_holds_sixteen_pages_of_which_the_first_may_be_a_piece()
    {
        var file = new PageCacheFile(200_000, (offset, count) => new byte[count]);
        Assert.Equal(65_536, file.Splice(0, 1_000_000).Length);
        Assert.Equal(65_536 - 100, file.Splice(100, 1_000_000).Length);
        Assert.Equal(10, file.Splice(199_990, 1_000_000).Length);
        Assert.Equal(0, file.Splice(300_000, 10).Length);
        Assert.Equal((0, 1, 2, 16), (PageCacheFile.Pages(5, 0), PageCacheFile.Pages(0, 4096), PageCacheFile.Pages(4095, 2), PageCacheFile.Pages(0, 65_536)));
    }

    [Theory]
    [InlineData("send-by: sendfile, does: echo", "", "does: answer")]
    [InlineData("send-by: sendfile", "kernel: \"3.10\"\n", "3.10")]
    [InlineData("send-by: splice", "", "copy, zerocopy or sendfile")]
    public void What_cannot_be_is_refused(string server, string top, string why) =>
        Assert.Contains(why, string.Join('\n', ScenarioReader.ReadText(top + Files(server), "t.yaml").Faults), StringComparison.Ordinal);
}
