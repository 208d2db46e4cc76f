using NetActors.Apps.Streams;
using NetActors.Observe;
using NetActors.Tests.Hosts;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Apps.Streams;

/// <summary>Runs programs over TCP to their end and checks that every byte came in order exactly once and nothing is left behind.</summary>
internal static class StreamRun
{
    /// <summary>Seconds after which sockets, their timers and TIME_WAIT are gone.</summary>
    private const int Quiet = 200;

    /// <summary>Runs for <paramref name="seconds"/> and until everything is quiet; the tasks must have a stop before.</summary>
    public static (Running Run, StreamAudit Audit) ToTheEnd(string yaml, double seconds, bool mayFail = false, params int[] hasty)
    {
        var audit = new StreamAudit();
        audit.Hasty.UnionWith(hasty);
        var run = new Running(yaml, prepare: plan =>
        {
            audit.Attach(plan);
            // A copy of a handshake's ACK that arrives late makes a second connection out of a SYN cookie, on Linux too: nothing is remembered of the first.
            foreach (var host in plan.Hosts) host.Stack.Tcp.Sysctls = host.Stack.Tcp.Sysctls with { TcpSyncookies = 0 };
        });
        run.Until((long)(seconds * 1e6));
        run.Until((long)((seconds + Quiet) * 1e6));
        CheckNothingIsLeft(run);
        var (faults, cut) = audit.Check();
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
        if (!mayFail) Assert.Equal(0, cut);
        return (run, audit);
    }

    /// <summary>No socket, timer, page of memory or packet is left.</summary>
    public static void CheckNothingIsLeft(Running run)
    {
        Assert.Empty(run.Simulation.Failures);
        foreach (var host in run.Plan.Hosts)
        {
            var tcp = host.Stack.Tcp;
            Assert.Equal(0, tcp.Context.Chunks.Outstanding);
            Assert.Equal(0, tcp.Tables.TimeWaits.Count);
            Assert.Equal(0, tcp.Tables.EstablishedCount);
            Assert.Equal(0, tcp.Tables.ListenerCount);
            Assert.Equal(0, tcp.Waiting);
            foreach (var cpu in host.Cpus) Assert.Empty(((Akka.Actor.ActorRefWithCell)cpu.SocketsActor).Children);
            foreach (var cpu in host.Cpus) Assert.True(cpu.HrTimers.Count == 0, $"{host.Name}/cpu{cpu.Cpu.LocalId}: {cpu.HrTimers.Count} hrtimers");
        }

        Assert.Equal(0, run.Simulation.OutstandingPackets);
        Balances.Check(run.Simulation, idle: true);
    }

    /// <summary>The counters of a task's threads together.</summary>
    public static StreamCounters Of(Running run, string task)
    {
        var sum = new StreamCounters();
        foreach (var program in run.Plan.Hosts.SelectMany(h => h.Tasks).Where(t => t.Entity.Name == task).Select(t => (StreamProgram)t.Program))
        {
            var c = program.Counters;
            sum.Connected += c.Connected;
            sum.Accepted += c.Accepted;
            sum.AcceptedNothing += c.AcceptedNothing;
            sum.Closed += c.Closed;
            sum.Failed += c.Failed;
            sum.Requests += c.Requests;
            sum.BytesSent += c.BytesSent;
            sum.BytesReceived += c.BytesReceived;
        }

        return sum;
    }

    /// <summary>The named latency.</summary>
    public static LatencySnapshot Latency(Running run, string name) => run.Snapshot.Latency.Single(l => l.Name == name);
}
