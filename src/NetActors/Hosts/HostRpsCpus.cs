using NetActors.Steering;

namespace NetActors.Hosts;

/// <summary>The CPUs of a host as steering sees them.</summary>
internal sealed class HostRpsCpus(HostCpu[] cpus) : IRpsCpus
{
    /// <inheritdoc />
    public int Count => cpus.Length;

    /// <inheritdoc />
    public bool IsOnline(int cpu) => cpus[cpu].IsOnline;

    /// <inheritdoc />
    public uint InputQueueHead(int cpu) => cpus[cpu].Softnet.InputQueueHead;
}
