using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>The settings that a host's CPUs read while they work, by their Linux names; some change while it runs.</summary>
internal sealed record HostSettingsView
{
    /// <summary>Whose behaviour.</summary>
    public KernelVersion Kernel { get; init; }

    /// <summary><c>net.core.netdev_max_backlog</c>.</summary>
    public int MaxBacklog { get; init; } = 1000;

    /// <summary><c>net.core.dev_weight</c> times <c>dev_weight_rx_bias</c>.</summary>
    public int BacklogWeight { get; init; } = 64;

    /// <summary><c>net.core.dev_weight</c> times <c>dev_weight_tx_bias</c>: packets of one run of a qdisc.</summary>
    public int TxWeight { get; init; } = 64;

    /// <summary><c>net.core.default_qdisc</c>.</summary>
    public string DefaultQdisc { get; init; } = "pfifo_fast";

    /// <summary><c>net.core.netdev_budget</c>.</summary>
    public int Budget { get; set; } = 300;

    /// <summary><c>net.core.netdev_budget_usecs</c>.</summary>
    public KernelTime BudgetTime { get; set; } = KernelTime.FromMicroseconds(8000);

    /// <summary><c>net.core.gro_normal_batch</c>.</summary>
    public int GroNormalBatch { get; set; } = 8;

    /// <summary>A runnable ksoftirqd keeps softirqs from running inline, as between 4.9 and 6.4.</summary>
    public bool DeferToRunningKsoftirqd { get; init; }

    /// <summary>Data room of a packet that the stack itself allocates, in bytes.</summary>
    public int SkbBytes { get; init; } = 2048;

    /// <summary>Packets that one CPU may have allocated at once.</summary>
    public int PoolLimit { get; init; } = 65536;

    /// <summary>Packets above <see cref="SkbBytes"/> that one CPU may have allocated at once.</summary>
    public int LargePoolLimit { get; init; } = 1024;
}
