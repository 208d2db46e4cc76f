using Akka.Actor;
using NetActors.Execution;

namespace NetActors.Tests.Execution;

/// <summary>Actors that run on whichever CPU tells them something: sockets, queues.</summary>
public class CallerCpuTests
{
    [Fact]
    public void Runs_on_the_callers_cpu_in_the_callers_context()
    {
        using var machine = new TestMachine(cpus: 2);
        var socket = machine.OnCaller();
        IActorRef hard = machine.OnCpu(0, "hardirq"), soft = machine.OnCpu(1, "softirq");
        var (_, task) = machine.Task(1);
        machine.At(100, hard, Calls(socket, "hard"));
        machine.At(200, soft, Calls(socket, "soft"));
        machine.At(300, task, Calls(socket, "task"));
        machine.RunToIdle();
        Assert.Equal((0, CpuContext.HardIrq), Where(machine, "hard"));
        Assert.Equal((1, CpuContext.Softirq), Where(machine, "soft"));
        Assert.Equal((1, CpuContext.Task), Where(machine, "task"));
    }

    [Fact]
    public void Busy_on_another_cpu_the_message_waits_and_the_holder_handles_it()
    {
        using var machine = new TestMachine(cpus: 2);
        var socket = machine.OnCaller();
        IActorRef first = machine.OnCpu(0, "softirq"), second = machine.OnCpu(1, "softirq");
        machine.At(100, first, Calls(socket, "holds", 50));
        machine.At(120, second, Calls(socket, "waits", 10));
        machine.At(130, second, new Job("free to go on"));
        machine.At(170, second, Calls(socket, "free again"));
        machine.RunToIdle();
        Assert.Equal(new JobRecord("waits", 0, CpuContext.Softirq, 150, 160), machine.Find("waits"));
        Assert.Equal(130, machine.Find("free to go on").Begin);
        Assert.Equal(1, machine.Find("free again").Cpu);
    }

    [Fact]
    public void Backlog_is_worked_off_in_the_order_in_which_it_came()
    {
        using var machine = new TestMachine(cpus: 3);
        var socket = machine.OnCaller();
        var callers = Enumerable.Range(0, 3).Select(cpu => machine.OnCpu(cpu, "softirq")).ToArray();
        machine.At(100, callers[0], Calls(socket, "holds", 100));
        machine.At(110, callers[1], new Job("slow", 50, () => socket.Tell(new Job("sent at 160")))); // sent first, exists later
        machine.At(115, callers[2], Calls(socket, "sent at 115"));
        machine.RunToIdle();
        Assert.Equal(["sent at 115", "sent at 160"], machine.Log.TakeLast(2).Select(job => job.Name));
    }

    [Fact]
    public void No_message_overtakes_an_earlier_one_of_its_sender_that_waits_for_the_holder()
    {
        using var machine = new TestMachine(cpus: 2);
        var socket = machine.OnCaller();
        IActorRef holder = machine.OnCpu(0, "softirq"), irq = machine.OnCpu(0, "hardirq"), sender = machine.OnCpu(1, "softirq");
        machine.At(100, holder, Calls(socket, "holds", 50));
        machine.At(120, sender, Calls(socket, "first"));
        machine.At(140, irq, new Job("interrupt", 100)); // keeps the holder from its backlog until 250
        machine.At(200, sender, Calls(socket, "second"));
        machine.At(300, sender, Calls(socket, "third"));
        machine.RunToIdle();
        Assert.Equal(["first", "second", "third"], machine.Log.Select(job => job.Name).Where(name => name is "first" or "second" or "third"));
        Assert.Equal(1, machine.Find("third").Cpu);
    }

    private static Job Calls(IActorRef target, string name, long nanoseconds = 0) =>
        new($"call {name}", 0, () => target.Tell(new Job(name, nanoseconds)));

    private static (int Cpu, CpuContext Context) Where(TestMachine machine, string name) =>
        (machine.Find(name).Cpu, machine.Find(name).Context);
}
