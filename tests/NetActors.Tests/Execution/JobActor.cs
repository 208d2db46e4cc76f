using Akka.Actor;
using NetActors.Execution;

namespace NetActors.Tests.Execution;

/// <summary>Does jobs on the CPU on which it runs, in virtual time.</summary>
internal class JobActor(Action<JobRecord> log) : UntypedActor
{
    public static Props Props(Action<JobRecord> log) => Akka.Actor.Props.Create(() => new JobActor(log));

    protected override void OnReceive(object message)
    {
        var job = (Job)message;
        var cpu = EmulatedCpu.Current;
        if (cpu is null)
        {
            log(new JobRecord(job.Name, -1, CpuContext.Device, 0, 0));
        }
        else
        {
            var begin = cpu.Now.Nanoseconds;
            log(new JobRecord(job.Name, cpu.Id, cpu.Context, begin, begin + job.Nanoseconds));
            cpu.Spend(job.Nanoseconds);
        }

        job.Then?.Invoke();
    }
}

/// <summary>The same as a task, which runs from the begin.</summary>
internal sealed class TaskJobActor(Action<JobRecord> log, EmulatedCpu cpu, TaskEntity task, Action onStart) : JobActor(log)
{
    /// <summary>A message that comes before <paramref name="onStart"/> finds no task to wait for.</summary>
    public static Props Props(Action<JobRecord> log, EmulatedCpu cpu, TaskEntity task, Action onStart) =>
        Akka.Actor.Props.Create(() => new TaskJobActor(log, cpu, task, onStart));

    protected override void PreStart()
    {
        (task.Actor, task.Cpu) = (Self, cpu);
        TaskQueues.Bind(Context, task);
        cpu.Scheduler.Activate(task);
        onStart();
    }
}
