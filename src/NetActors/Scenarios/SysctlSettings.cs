namespace NetActors.Scenarios;

/// <summary>The sysctls of a host: those the scenario writes, the kernel's defaults for the others.</summary>
public sealed class SysctlSettings
{
    private readonly Dictionary<string, IReadOnlyList<long>> _written;
    private readonly KernelVersion _kernel;
    private readonly int _hz;

    /// <summary>A host on which these are written; the names and values have been checked.</summary>
    /// <param name="kernel">Whose defaults hold for the rest.</param>
    /// <param name="hz">Ticks a second, 0 for exact.</param>
    /// <param name="written">Values by full name.</param>
    public SysctlSettings(KernelVersion kernel, int hz, IEnumerable<KeyValuePair<string, IReadOnlyList<long>>> written) =>
        (_kernel, _hz, _written) = (kernel, hz, new Dictionary<string, IReadOnlyList<long>>(written, StringComparer.Ordinal));

    /// <summary>Full names that the scenario writes, sorted.</summary>
    public IReadOnlyList<string> Written => [.. _written.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The host's kernel has it.</summary>
    public bool Has(string name) => SysctlCatalogue.Find(name)?.IsIn(_kernel) ?? false;

    /// <summary>The value of a sysctl of one number. Throws for one that the kernel does not have: our own bug.</summary>
    public long this[string name] => Values(name)[0];

    /// <summary>All numbers of a sysctl. Throws for one that the kernel does not have: our own bug.</summary>
    public IReadOnlyList<long> Values(string name)
    {
        if (_written.TryGetValue(name, out var value)) return value;
        var entry = SysctlCatalogue.Find(name);
        if (entry is null || !entry.IsIn(_kernel)) throw new KeyNotFoundException($"the kernel has no sysctl {name}");
        var device = SysctlCatalogue.Interface(entry.Name, name);
        return device is not (null or "all" or "default")
            && _written.TryGetValue(entry.Name.Replace("*", "default", StringComparison.Ordinal), out value)
            ? value // a device begins with what `default` says (kernel: inetdev_init, neigh_parms_alloc)
            : entry.Default(_kernel, _hz);
    }

    /// <summary>The value as /proc takes it, of a sysctl of numbers or of one word. Throws for one that the kernel does not have: our own bug.</summary>
    public string Text(string name) => SysctlCatalogue.Find(name)!.Text(Values(name));

    /// <summary>The CPUs of a sysctl that is a mask. Throws for one that the kernel does not have: our own bug.</summary>
    public CpuSet Cpus(string name) => new(Values(name).Select(cpu => (int)cpu));
}
