namespace NetActors.Steering;

/// <summary>What steering looks at on the host's CPUs (kernel: <c>softnet_data</c> of each CPU, <c>cpu_online_mask</c>).</summary>
public interface IRpsCpus
{
    /// <summary>CPUs of the host; numbers from here on are no CPU (kernel: <c>nr_cpu_ids</c>).</summary>
    int Count { get; }

    /// <summary>The CPU takes packets (kernel: <c>cpu_online</c>).</summary>
    bool IsOnline(int cpu);

    /// <summary>Packets ever dequeued from the CPU's backlog, wrapping (kernel: <c>input_queue_head</c>).</summary>
    uint InputQueueHead(int cpu);
}
