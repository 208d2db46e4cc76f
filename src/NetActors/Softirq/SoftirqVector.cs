namespace NetActors.Softirq;

/// <summary>The softirqs, in the order in which a pass runs them (specification section 4.1; kernel: <c>NET_RX_SOFTIRQ</c> and others).</summary>
public enum SoftirqVector
{
    /// <summary>High priority tasklets.</summary>
    Hi,

    /// <summary>Expired timers.</summary>
    Timer,

    /// <summary>Packets to send and sent packets to free.</summary>
    NetTx,

    /// <summary>Packets to receive.</summary>
    NetRx,

    /// <summary>Finished block requests.</summary>
    Block,

    /// <summary>Polled block requests (3.10: BLOCK_IOPOLL).</summary>
    IrqPoll,

    /// <summary>Tasklets.</summary>
    Tasklet,

    /// <summary>Load balancing.</summary>
    Sched,

    /// <summary>High resolution timers.</summary>
    Hrtimer,

    /// <summary>Read-copy-update callbacks.</summary>
    Rcu,
}
