using Akka.Actor;
using NetActors.Costs;

namespace NetActors.Tests.Execution;

/// <summary>User time of tasks, which interrupts and other tasks split.</summary>
public class CpuSchedulerTests
{
    private const long Us = 1_000;
    private const long Ms = 1_000_000;

    [Fact]
    public void A_burst_of_a_millisecond_with_ten_interrupts_of_ten_microseconds_ends_after_a_hundred_more()
    {
        using var machine = new TestMachine();
        var (_, task) = machine.Task(0);
        var hard = machine.OnCpu(0, "hardirq");
        var begin = 10 * Us;
        machine.At(begin, task, Burst(machine, Ms));
        for (var i = 0; i < 10; i++) machine.At(begin + ((50 + (i * 100)) * Us), hard, new Job("irq", 10 * Us));
        machine.RunToIdle();
        Assert.Equal(begin + Ms + (100 * Us), machine.Find("done").Begin);
        Assert.Equal(Ms, machine.Cpu(0).Times.User);
        Assert.Equal(100 * Us, machine.Cpu(0).Times.HardIrq);
        Assert.Equal(machine.Cpu(0).Now.Nanoseconds, machine.Cpu(0).Times.Total);
    }

    [Fact]
    public void Softirqs_take_their_time_from_a_burst_too()
    {
        using var machine = new TestMachine();
        var (_, task) = machine.Task(0);
        var soft = machine.OnCpu(0, "softirq");
        machine.At(10 * Us, task, Burst(machine, 300 * Us));
        machine.At(50 * Us, soft, new Job("softirq", 100 * Us, () => soft.Tell(new Job("more", 50 * Us))));
        machine.RunToIdle();
        Assert.Equal(460 * Us, machine.Find("done").Begin);
        Assert.Equal(300 * Us, machine.Cpu(0).Times.User);
        Assert.Equal(150 * Us, machine.Cpu(0).Times.Softirq);
    }

    [Fact]
    public void Two_bursts_share_the_cpu_by_slices_and_a_switch_costs_what_the_model_says()
    {
        using var machine = new TestMachine(costs: CostModel.Zero.With(CostOp.ContextSwitch, 2 * Us));
        var (first, firstActor) = machine.Task(0, 101);
        var (second, secondActor) = machine.Task(0, 102);
        machine.At(100 * Us, firstActor, Burst(machine, 30 * Ms, "first"));
        machine.At(100 * Us, secondActor, Burst(machine, 30 * Ms, "second"));
        machine.RunToIdle();
        Assert.Equal(60 * Ms, machine.Cpu(0).Times.User);
        Assert.True(first.Switches > 3 && second.Switches > 3, $"{first.Switches} and {second.Switches} switches");
        Assert.Equal(machine.Cpu(0).Operations[(int)CostOp.ContextSwitch], machine.Cpu(0).Scheduler.Switches);
        Assert.InRange(machine.Find("first").Begin, 45 * Ms, 61 * Ms); // side by side, not one after the other
        Assert.InRange(machine.Find("second").Begin, 45 * Ms, 61 * Ms);
    }

    [Fact]
    public void A_sleeping_tasks_messages_wait_until_it_is_woken()
    {
        using var machine = new TestMachine();
        var (entity, task) = machine.Task(0);
        var soft = machine.OnCpu(0, "softirq");
        machine.At(100, task, new Job("sleeps", 10, machine.Cpu(0).Scheduler.BlockCurrent));
        machine.At(200, task, new Job("waits"));
        machine.At(500, soft, new Job("wakes", 0, () => machine.Cpu(0).Scheduler.Activate(entity)));
        machine.RunToIdle();
        Assert.Equal("sleeps wakes waits", machine.Order());
        Assert.Equal(500, machine.Find("waits").Begin);
    }

    private static Job Burst(TestMachine machine, long nanoseconds, string name = "done") =>
        new($"{name} begins", 0, () => machine.Cpu(0).Scheduler.StartBurst(nanoseconds, new Job(name, 0, machine.Cpu(0).Scheduler.BlockCurrent)));
}
