namespace NetActors.Nic;

/// <summary>A flow that the driver leads to a queue (kernel: mlx5's <c>struct arfs_rule</c>).</summary>
internal sealed class ArfsRule
{
    private int _queue;
    private int _flowId;
    private int _pending;

    public ArfsRule(in FlowTuple tuple, int filterId)
    {
        (Tuple, FilterId) = (tuple, filterId);
        Work = new NicProtocol.ArfsWork(this);
    }

    public FlowTuple Tuple { get; }

    /// <summary>Number that the stack knows it by.</summary>
    public int FilterId { get; }

    /// <summary>Asks the hardware to do it.</summary>
    public NicProtocol.ArfsWork Work { get; }

    /// <summary>The queue wanted.</summary>
    public int Queue
    {
        get => Volatile.Read(ref _queue);
        set => Volatile.Write(ref _queue, value);
    }

    /// <summary>Its entry in that queue's table of flows.</summary>
    public int FlowId
    {
        get => Volatile.Read(ref _flowId);
        set => Volatile.Write(ref _flowId, value);
    }

    /// <summary>The hardware has not heard of it yet.</summary>
    public bool IsPending
    {
        get => Volatile.Read(ref _pending) != 0;
        set => Volatile.Write(ref _pending, value ? 1 : 0);
    }
}
