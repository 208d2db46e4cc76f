using System.Numerics;
using NetActors.Costs;

namespace NetActors.Execution;

/// <summary>
/// What the CPUs of a host know of each other: who is idle, who has more than it can run (kernel: <c>root_domain</c>,
/// <c>sched_domain_shared</c>). Kept only where some task may choose among CPUs. In virtual time only, where one thread sees all of them.
/// </summary>
internal sealed class RootDomain
{
    private readonly EmulatedCpu[] _cpus;
    private readonly ulong[] _idle;
    private readonly ulong[] _overloaded;

    public RootDomain(EmulatedCpu[] cpus)
    {
        _cpus = cpus;
        Topology = cpus[0].Topology;
        var words = (cpus.Length + 63) / 64;
        (_idle, _overloaded) = (new ulong[words], new ulong[words]);
        foreach (var cpu in cpus) cpu.Scheduler.Domain = this;
    }

    /// <summary>How near the CPUs are to each other.</summary>
    public CpuTopology Topology { get; }

    /// <summary>CPUs of the host.</summary>
    public int Count => _cpus.Length;

    /// <summary>Some task may run on more than one CPU: from then on for good.</summary>
    public bool IsActive { get; private set; }

    /// <summary>A CPU by its number on the host.</summary>
    public EmulatedCpu this[int cpu] => _cpus[cpu];

    /// <summary>A task may choose among CPUs.</summary>
    public void Activate()
    {
        if (IsActive) return;
        IsActive = true;
        foreach (var cpu in _cpus) Update(cpu.Scheduler);
    }

    /// <summary>A CPU's run queue changed.</summary>
    public void Update(CpuScheduler scheduler)
    {
        var cpu = scheduler.Cpu.LocalId;
        Set(_idle, cpu, scheduler.IsIdle);
        Set(_overloaded, cpu, scheduler.IsOverloaded);
    }

    /// <summary>Nothing runs or waits there (kernel: <c>available_idle_cpu</c>); softirqs may, as on Linux.</summary>
    public bool IsIdle(int cpu) => (_idle[cpu / 64] >> (cpu % 64) & 1) != 0;

    /// <summary>The first idle CPU that is <paramref name="from"/> or more; -1 when there is none.</summary>
    public int NextIdle(int from) => Next(_idle, from);

    /// <summary>The first CPU with a task that waits, from <paramref name="from"/> on; -1 when there is none (kernel: <c>overload</c>).</summary>
    public int NextOverloaded(int from) => Next(_overloaded, from);

    private static void Set(ulong[] words, int bit, bool on)
    {
        if (on) words[bit / 64] |= 1UL << (bit % 64);
        else words[bit / 64] &= ~(1UL << (bit % 64));
    }

    private static int Next(ulong[] words, int from)
    {
        for (var word = from / 64; word < words.Length; word++)
        {
            var bits = words[word];
            if (word == from / 64) bits &= ulong.MaxValue << (from % 64);
            if (bits != 0) return (word * 64) + BitOperations.TrailingZeroCount(bits);
        }

        return -1;
    }
}
