namespace NetActors.Irq;

/// <summary>An interrupt that <see cref="IrqBalancer"/> places: of a network card, which it places on single CPUs (<c>BALANCE_CORE</c>).</summary>
/// <param name="number">Its number.</param>
internal sealed class BalancedIrq(int number)
{
    /// <summary>Its number.</summary>
    public int Number => number;

    /// <summary>Interrupts since the last scan.</summary>
    public long Delta { get; private set; }

    /// <summary>Its share of the time that interrupts and softirqs took where it is, in nanoseconds; 1 at least.</summary>
    public long Load { get; set; } = 1;

    /// <summary>Where it is; null while it waits to be placed.</summary>
    public IrqTopologyObject? Assigned { get; set; }

    /// <summary>It has another place than at the last scan.</summary>
    public bool Moved { get; set; }

    private long _count;

    /// <summary>Interrupts ever taken.</summary>
    public void OnCount(long count) => (Delta, _count) = (count - _count, count);
}

/// <summary>An interrupt's new CPUs.</summary>
/// <param name="Irq">Its number.</param>
/// <param name="Cpus">What <c>smp_affinity</c> is to be.</param>
internal readonly record struct IrqMove(int Irq, IReadOnlyList<int> Cpus);

/// <summary>
/// irqbalance's decisions, scan by scan: the first places every interrupt whatever anybody has set, later ones move interrupts away from what
/// has more than another, when that makes the two more alike (<c>irqlist.c</c>, <c>placement.c</c>, <c>procinterrupts.c</c> of version 1.9, the
/// arithmetic of moves from memory). Knows no clock. Differs: time is known to the nanosecond instead of to the tick.
/// </summary>
/// <param name="topology">The host, without banned CPUs.</param>
/// <param name="irqs">The interrupts, without banned ones.</param>
/// <param name="migrateRatio"><c>--migrateval</c>: how much more alike it must become, as a divisor of the difference; 0 for any.</param>
internal sealed class IrqBalancer(IrqTopology topology, IReadOnlyList<BalancedIrq> irqs, int migrateRatio = 0)
{
    private readonly Dictionary<int, long> _lastNanoseconds = [];
    private readonly List<BalancedIrq> _unplaced = [.. irqs];
    private int _scans;

    /// <summary>The interrupts.</summary>
    public IReadOnlyList<BalancedIrq> Irqs => irqs;

    /// <summary>Reads where time went and says which interrupts go elsewhere.</summary>
    /// <param name="nanoseconds">By CPU: time in hard interrupts and softirqs ever (<c>/proc/stat</c>).</param>
    /// <param name="count">By interrupt: how often it was taken ever (<c>/proc/interrupts</c>).</param>
    public List<IrqMove> Scan(Func<int, long> nanoseconds, Func<int, long> count)
    {
        foreach (var irq in irqs) irq.OnCount(count(irq.Number));
        foreach (var cpu in topology.Cpus)
        {
            var now = nanoseconds(cpu.Number);
            cpu.Load = _scans > 0 ? now - _lastNanoseconds.GetValueOrDefault(cpu.Number) : 0;
            _lastNanoseconds[cpu.Number] = now;
        }

        foreach (var level in topology.Levels.Skip(1))
        {
            foreach (var part in level) part.Load = part.Children.Sum(c => c.Load);
        }

        Share();
        if (_scans > 0)
        {
            foreach (var level in topology.Levels) Relieve(level);
        }

        Place();
        _scans++;
        var moves = irqs.Where(irq => irq is { Moved: true, Assigned: not null }).Select(irq => new IrqMove(irq.Number, irq.Assigned!.Cpus)).ToList();
        foreach (var irq in irqs) irq.Moved = false;
        return moves;
    }

    /// <summary>Each interrupt has of its CPU's time what its count has of the counts there (<c>compute_irq_branch_load_share</c>).</summary>
    private void Share()
    {
        foreach (var cpu in topology.Cpus)
        {
            var counts = cpu.Interrupts.Sum(irq => irq.Delta);
            var slice = counts == 0 ? 1 : cpu.Load / counts;
            foreach (var irq in cpu.Interrupts) irq.Load = Math.Max(1, irq.Delta * slice);
        }
    }

    /// <summary>Takes interrupts from those that have more than the least has (<c>migrate_overloaded_irqs</c>, <c>move_candidate_irqs</c>).</summary>
    private void Relieve(List<IrqTopologyObject> level)
    {
        var least = level.Min(part => part.Load);
        foreach (var part in level.Where(p => p.Load > least && p.Interrupts.Count > 1))
        {
            var own = part.Load;
            foreach (var irq in part.Interrupts.OrderByDescending(irq => irq.Load).ThenBy(irq => irq.Number).ToList())
            {
                if (part.Interrupts.Count <= 1 || irq.Load <= 1) continue;
                var slack = migrateRatio > 0 ? (own - least) / migrateRatio : 0;
                if (least + irq.Load >= slack + (own - irq.Load)) continue; // it would only swap the two
                own -= irq.Load;
                least += irq.Load;
                if (least > own) (least, own) = (own, least);
                part.Interrupts.Remove(irq);
                part.Load -= irq.Load;
                irq.Assigned = null;
                _unplaced.Add(irq);
            }
        }
    }

    /// <summary>From the nodes down to a CPU, the busiest first, each to where there is least (<c>calculate_placement</c>).</summary>
    private void Place()
    {
        foreach (var irq in _unplaced.OrderByDescending(irq => irq.Load).ThenBy(irq => irq.Number))
        {
            var level = topology.Nodes;
            while (level.Count > 0)
            {
                var best = level.MinBy(part => (part.Load, Count(part)))!;
                best.Load += irq.Load + 1;
                (irq.Assigned, level) = (best, best.Children);
            }

            irq.Assigned?.Interrupts.Add(irq);
            irq.Moved = true;
        }

        _unplaced.Clear();
    }

    private static int Count(IrqTopologyObject part) => part.Interrupts.Count + part.Children.Sum(Count);
}
