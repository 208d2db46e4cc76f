using NetActors.Nic;
using NetActors.Scenarios;

namespace NetActors.Hosts;

/// <summary>CPUs that the kernel keeps for its own work (kernel: <c>housekeeping_cpumask</c>): all but those of <c>isolcpus</c>.</summary>
internal static class HostHousekeeping
{
    /// <summary>
    /// Takes the isolated CPUs out of a mask of RPS; EINVAL when it had some and none is left (kernel: <c>rps_cpumask_housekeeping</c>;
    /// not in 3.10).
    /// </summary>
    public static EthtoolResult Filter(CpuSettings settings, KernelVersion kernel, ref CpuSet cpus)
    {
        if (kernel == KernelVersion.V310 || settings.Isolated.Count == 0 || cpus.Count == 0) return EthtoolResult.Success;
        var asked = cpus;
        cpus = new CpuSet(asked.Where(cpu => !settings.Isolated.Contains(cpu)));
        return cpus.Count > 0 ? EthtoolResult.Success : EthtoolResult.Invalid($"CPUs {asked} are isolated");
    }
}
