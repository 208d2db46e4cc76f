using NetActors.Costs;
using NetActors.Irq;

namespace NetActors.Tests.Irq;

/// <summary>Scans of irqbalance by hand (its <c>irqlist.c</c>, <c>placement.c</c>, <c>procinterrupts.c</c>).</summary>
public sealed class IrqBalancerTests
{
    private readonly long[] _nanoseconds = new long[16];
    private readonly long[] _counts = new long[16];

    [Fact]
    public void First_scan_places_every_interrupt_on_a_cpu_of_its_own()
    {
        var balancer = Balancer(new CpuTopology(4), irqs: 4);
        Assert.Equal([0, 1, 2, 3], Scan(balancer).Select(m => m.Cpus.Single()).Order());
        Assert.Empty(Scan(balancer)); // and nothing changes while nothing comes
    }

    [Fact]
    public void Nodes_take_turns_before_cpus_do()
    {
        var moves = Scan(Balancer(new CpuTopology(8, nodes: 2), irqs: 4)).OrderBy(m => m.Irq).Select(m => m.Cpus.Single() / 4);
        Assert.Equal([0, 1, 0, 1], moves);
    }

    [Fact]
    public void Threads_of_a_core_are_one_domain_which_an_interrupt_has_for_itself_as_long_as_there_are_others()
    {
        var cpus = Scan(Balancer(new CpuTopology(8, smt: 2), irqs: 4)).Select(m => m.Cpus.Single() % 4);
        Assert.Equal([0, 1, 2, 3], cpus.Order());
    }

    [Fact]
    public void Banned_cpus_take_none()
    {
        var balancer = new IrqBalancer(new IrqTopology(new CpuTopology(4), new HashSet<int> { 0, 2 }, 2), Irqs(4));
        Assert.Equal([1, 1, 3, 3], Scan(balancer).Select(m => m.Cpus.Single()).Order());
    }

    [Fact]
    public void An_interrupt_leaves_the_busiest_cpu_if_that_makes_both_more_alike()
    {
        var balancer = Balancer(new CpuTopology(2), irqs: 4);
        var place = Scan(balancer).ToDictionary(m => m.Irq, m => m.Cpus.Single());
        var (busy, idle) = (place[0], 1 - place[0]);
        var together = place.Where(p => p.Value == busy).Select(p => p.Key).Order().ToList();
        Work(busy, 1000);
        Work(idle, 100);
        _counts[together[0]] += 600;
        _counts[together[1]] += 400;
        var move = Assert.Single(Scan(balancer)); // 100 + 400 against 600: taken; 100 + 600 against 400 would be the same again
        Assert.Equal((together[1], idle), (move.Irq, move.Cpus.Single()));
    }

    [Fact]
    public void One_that_makes_all_the_load_stays_since_it_would_take_it_along()
    {
        var balancer = Balancer(new CpuTopology(2), irqs: 4);
        var place = Scan(balancer).ToDictionary(m => m.Irq, m => m.Cpus.Single());
        Work(place[0], 1000);
        _counts[0] += 1000;
        Assert.Empty(Scan(balancer));
    }

    [Fact]
    public void A_migration_ratio_wants_more_than_a_little()
    {
        var irqs = Irqs(4);
        var balancer = new IrqBalancer(new IrqTopology(new CpuTopology(2), new HashSet<int>(), 2), irqs, migrateRatio: 2);
        var place = Scan(balancer).ToDictionary(m => m.Irq, m => m.Cpus.Single());
        var together = place.Where(p => p.Value == place[0]).Select(p => p.Key).Order().ToList();
        Work(place[0], 1000);
        Work(1 - place[0], 700);
        _counts[together[0]] += 900;
        _counts[together[1]] += 100;
        Assert.Equal(together[1], Assert.Single(Scan(balancer)).Irq);
    }

    [Fact]
    public void Load_is_what_came_since_the_last_scan()
    {
        var balancer = Balancer(new CpuTopology(2), irqs: 2);
        var first = Scan(balancer)[0];
        Work(first.Cpus.Single(), 500);
        _counts[first.Irq] += 10;
        Scan(balancer);
        Assert.Equal(500, balancer.Irqs.Single(i => i.Number == first.Irq).Load);
        Scan(balancer);
        Assert.Equal(1, balancer.Irqs.Single(i => i.Number == first.Irq).Load);
    }

    private void Work(int cpu, long nanoseconds) => _nanoseconds[cpu] += nanoseconds;

    private List<IrqMove> Scan(IrqBalancer balancer) => balancer.Scan(cpu => _nanoseconds[cpu], irq => _counts[irq]);

    private static BalancedIrq[] Irqs(int count) => [.. Enumerable.Range(0, count).Select(i => new BalancedIrq(i))];

    private static IrqBalancer Balancer(CpuTopology topology, int irqs) => new(new IrqTopology(topology, new HashSet<int>(), 2), Irqs(irqs));
}
