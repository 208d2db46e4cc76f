using NetActors.Apps;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Sockets;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Epoll;

/// <summary>Threads that wait in one epoll instance for one UDP socket (specification section 11.6 and 13 item 12, observed live).</summary>
public sealed class SharedEpollTests
{
    private const int Workers = 3;
    private const int Datagrams = 20;

    /// <summary>
    /// The thread that slept last is woken: always the one that has just handled the last datagram. By levels it leaves the socket on the ready
    /// list and wakes another, who finds nothing; by edges it does not.
    /// </summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void The_youngest_sleeper_is_woken_and_by_levels_another_in_vain(bool byEdges, int inVain)
    {
        List<int> woken = [];
        using var run = new Running(
            Yaml.Server(cpus: Workers + 1, traffic: Yaml.Flood("1kpps", $", start: 10ms, stop: {10 + Datagrams}ms")).Replace("cost-model: none", "", StringComparison.Ordinal),
            prepare: plan => AddWorkers(plan.Hosts[0], byEdges, woken));
        run.Until(9_000);
        var before = Switches(run);
        run.Until(100_000);
        Assert.Equal(Datagrams, woken.Count);
        Assert.Equal(Workers, woken[0]); // the last one that went to sleep
        Assert.Equal(1 + inVain, woken.Distinct().Count()); // who was woken in vain sleeps last, and is the next
        var runs = Switches(run).Zip(before, (after, then) => after - then).ToList();
        Assert.Equal(Workers - 1 - inVain, runs.Count(r => r == 0));
        Assert.InRange(runs.Sum(), (1 + inVain) * Datagrams, ((1 + inVain) * 2 * Datagrams) + 2); // into the task, and back to idle
    }

    private static List<long> Switches(Running run) => [.. Enumerable.Range(1, Workers).Select(cpu => run.Cpu(cpu).ContextSwitches)];

    private static void AddWorkers(Host host, bool byEdges, List<int> woken)
    {
        var files = new FdTable();
        for (var i = 1; i <= Workers; i++)
        {
            var cpu = host.Cpus[i];
            var entity = new TaskEntity(2000 + i, "worker") { Cpu = cpu.Cpu };
            host.Tasks.Add(new HostTask(entity, cpu, new Worker(i, byEdges, woken), KernelTime.FromMilliseconds(i), null) { Files = files });
        }
    }

    /// <summary>The first opens an epoll instance (descriptor 3) and a socket (4); all wait and read.</summary>
    private sealed class Worker(int number, bool byEdges, List<int> woken) : AppProgram
    {
        private const int DontWait = 0x40;
        private readonly EpollEvent[] _events = new EpollEvent[4];
        private SystemCall _call = null!;

        public override void Start()
        {
            _call = new SystemCall(Task.Entity, Task.Files);
            if (number > 1) Wait();
            else Begin(Syscall.EpollCreate, null, c => c.Argument = 1);
        }

        public override void OnCall(SystemCall call)
        {
            var edge = byEdges ? PollEvents.EdgeTriggered : PollEvents.None;
            switch (call.Name)
            {
                case Syscall.EpollCreate:
                    Begin(Syscall.Socket, null, c => (c.Argument, c.Second, c.Third) = (2, 2, 0));
                    break;
                case Syscall.Socket:
                    Begin(Syscall.Bind, Task.Files[4], c => (c.Address, c.Port, c.HasAddress) = (0, 9000, true));
                    break;
                case Syscall.Bind:
                    Begin(Syscall.EpollCtl, Task.Files[3], c => (c.Argument, c.Fd, c.Events) = (1, 4, [new EpollEvent(PollEvents.In | edge, 4)]));
                    break;
                case Syscall.EpollWait when call.Result > 0:
                    woken.Add(number);
                    Begin(Syscall.Receive, Task.Files[4], c => (c.Data, c.Flags) = (new byte[2000], DontWait));
                    break;
                default:
                    Wait();
                    break;
            }
        }

        private void Wait() => Begin(Syscall.EpollWait, Task.Files[3], c => (c.Events, c.MaxEvents, c.Deadline) = (_events, 4, KernelTime.Never));

        private void Begin(Syscall name, SocketFile? file, Action<SystemCall> fill)
        {
            _call.Begin(name, file);
            fill(_call);
            Task.Call(_call);
        }
    }
}
