namespace NetActors.Scenarios;

/// <summary>How a sysctl's value is written.</summary>
public enum SysctlForm
{
    /// <summary>One whole number.</summary>
    Number,

    /// <summary>Several whole numbers with blanks between.</summary>
    Numbers,

    /// <summary>A mask of CPUs in hexadecimal.</summary>
    CpuMask,

    /// <summary>One of several words; its number is its place among them.</summary>
    Word,

    /// <summary>Ports and ranges of ports with commas between, or nothing; its numbers are the ports.</summary>
    Ports,
}

/// <summary>One sysctl that scenarios may set.</summary>
/// <param name="Name">Its name; <c>*</c> stands for <c>all</c>, <c>default</c> or a device.</param>
/// <param name="Form">How its value is written.</param>
/// <param name="Default6">Default of 6.18; one number each.</param>
/// <param name="Default310">Default of 3.10; null when 3.10 has no such sysctl.</param>
/// <param name="Least">Least value of each number.</param>
/// <param name="Most">Greatest value of each number.</param>
/// <param name="Doc">What it does, one sentence with units.</param>
/// <param name="Source">Where the defaults come from.</param>
public sealed record SysctlEntry(
    string Name,
    SysctlForm Form,
    IReadOnlyList<long> Default6,
    IReadOnlyList<long>? Default310,
    long Least,
    long Most,
    string Doc,
    string Source)
{
    /// <summary>The words that may be written; none for numbers.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>A value of it as /proc prints it, but for masks and ports: numbers, or the word.</summary>
    public string Text(IReadOnlyList<long> value) => Form == SysctlForm.Word ? Words[(int)value[0]] : string.Join(' ', value);

    /// <summary>The kernel has it.</summary>
    public bool IsIn(KernelVersion kernel) => kernel == KernelVersion.V6 || Default310 is not null;

    /// <summary>Its default. The kernel must have it.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="hz">Ticks a second, 0 for exact: <c>netdev_budget_usecs</c> is two ticks (specification section 0.2).</param>
    public IReadOnlyList<long> Default(KernelVersion kernel, int hz)
    {
        if (Name == SysctlCatalogue.NetdevBudgetUsecs && kernel == KernelVersion.V6) return [2_000_000 / (hz == 0 ? 1000 : hz)];
        return kernel == KernelVersion.V6 ? Default6 : Default310!;
    }
}
