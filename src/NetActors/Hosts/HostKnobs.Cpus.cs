using System.Globalization;
using NetActors.Execution;
using NetActors.Nic;
using NetActors.Scenarios;

namespace NetActors.Hosts;

/// <content>Interrupts, tasks and CPUs (kernel: kernel/irq/proc.c, <c>sched_setaffinity</c>, kernel/cpu.c).</content>
internal sealed partial class HostKnobs
{
    /// <summary>Kernel: <c>write_irq_affinity</c> (specification section 2.4): a NAPI that is scheduled stays where it is.</summary>
    private EthtoolResult SetIrqAffinity(KnobKey key, string value)
    {
        var answer = ReadCpus(value, key.Kind == KnobKind.SmpAffinityList, out var cpus);
        if (!answer.Ok) return answer;
        foreach (var card in host.Nics)
        {
            foreach (var irq in card.Irqs)
            {
                if (irq.Action != key.Name && irq.Number.ToString(CultureInfo.InvariantCulture) != key.Name) continue;
                HostCpu[] online = [.. cpus.Select(cpu => host.Cpus[cpu]).Where(cpu => cpu.IsOnline)];
                if (!irq.SetAffinity(online)) return EthtoolResult.Invalid($"no CPU of {value} is online");
                card.OnAffinity(host.Cpus);
                return EthtoolResult.Success;
            }
        }

        return EthtoolResult.NotFound($"there is no interrupt {key.Name}");
    }

    private EthtoolResult SetTaskAffinity(in KnobKey key, string value)
    {
        if (!layer.IsVirtual) return EthtoolResult.NotSupported("tasks move in virtual time only");
        var answer = ReadCpus(value, key.Kind == KnobKind.TaskList, out var cpus);
        if (!answer.Ok) return answer;
        var parts = key.Name.Split('/');
        var threads = host.Tasks.FindAll(t => t.Entity.Name == parts[0]);
        if (parts.Length == 2) threads = TryNumber(parts[1], threads.Count - 1, out var thread) ? [threads[thread]] : [];
        var live = threads.FindAll(t => t.Entity.State != TaskState.Dead);
        if (live.Count == 0) return new EthtoolResult($"ESRCH: there is no task {key.Name}");
        var mask = new CpuMask(cpus.Where(cpu => host.Cpus[cpu].IsOnline));
        if (mask.Count == 0) return EthtoolResult.Invalid($"no CPU of {value} is online");
        foreach (var task in live) HostCpu.SetAffinity(task.Entity, mask);
        return EthtoolResult.Success;
    }

    /// <summary>
    /// A CPU goes or comes (kernel: <c>cpu_down</c>, <c>dev_cpu_dead</c>; specification section 5.8): its interrupts and tasks go to others, steering
    /// leaves it out, CPU 0 takes over what its softirqs had left. Its timers stay.
    /// </summary>
    private EthtoolResult SetOnline(int number, string value)
    {
        if (number >= host.Cpus.Length || value is not ("0" or "1")) return EthtoolResult.Invalid($"the host has CPUs 0 to {host.Cpus.Length - 1}");
        if (!layer.IsVirtual) return EthtoolResult.NotSupported("CPUs come and go in virtual time only");
        if (number == 0) return EthtoolResult.NotSupported("CPU 0 stays");
        var cpu = host.Cpus[number];
        cpu.IsOnline = value == "1";
        if (cpu.IsOnline) return EthtoolResult.Success;
        HostCpu[] online = [.. host.Cpus.Where(c => c.IsOnline)];
        foreach (var card in host.Nics)
        {
            foreach (var irq in card.Irqs.Where(irq => irq.Affinity.Contains(cpu)))
            {
                HostCpu[] left = [.. irq.Affinity.Where(c => c.IsOnline)];
                irq.SetAffinity(left.Length > 0 ? left : online); // irq_migrate_all_off_this_cpu
            }

            card.OnAffinity(host.Cpus);
        }

        foreach (var task in host.Tasks.Where(t => t.Entity.State != TaskState.Dead && t.Entity.MayRunOn(cpu.Cpu)))
        {
            int[] left = [.. online.Select(c => c.Cpu.LocalId).Where(c => task.Entity.MayRunOn(host.Cpus[c].Cpu))];
            HostCpu.SetAffinity(task.Entity, new CpuMask(left.Length > 0 ? left : online.Select(c => c.Cpu.LocalId)));
        }

        host.Cpus[0].TakeOver(cpu);
        return EthtoolResult.Success;
    }

    private EthtoolResult ReadCpus(string value, bool isList, out CpuSet cpus)
    {
        if (!isList) return ReadMask(value, out cpus);
        if (!CpuSet.TryParseList(value, out cpus)) return EthtoolResult.Invalid($"{value} is no list");
        return cpus.Count > 0 && cpus[^1] >= host.Cpus.Length ? new EthtoolResult($"EOVERFLOW: the host has {host.Cpus.Length} CPUs") : EthtoolResult.Success;
    }
}
