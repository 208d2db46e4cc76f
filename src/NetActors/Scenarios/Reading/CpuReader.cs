namespace NetActors.Scenarios.Reading;

/// <summary>Reads sets of CPUs of a host.</summary>
internal static class CpuReader
{
    /// <summary>A mask: <c>ff</c>.</summary>
    public static Reading<CpuSet> Mask(string text, int hostCpus) => CpuSet.TryParseMask(text, out var cpus)
        ? Checked(cpus, hostCpus)
        : Reading<CpuSet>.Bad($"`{Words.Cut(text)}` is no mask of CPUs, such as ff or f,ffffffff");

    /// <summary>A list: <c>0-3,8</c>; not empty.</summary>
    public static Reading<CpuSet> List(string text, int hostCpus) => CpuSet.TryParseList(text, out var cpus) && cpus.Count > 0
        ? Checked(cpus, hostCpus)
        : Reading<CpuSet>.Bad($"`{Words.Cut(text)}` is no list of CPUs, such as 0-3,8");

    private static Reading<CpuSet> Checked(CpuSet cpus, int hostCpus) => cpus.Count > 0 && cpus[^1] >= hostCpus
        ? Reading<CpuSet>.Bad($"CPU {cpus[^1]} is out of range: the host has {(hostCpus == 1 ? "CPU 0 only" : $"CPUs 0 to {hostCpus - 1}")}")
        : cpus;
}
