using System.Numerics;

namespace NetActors.Steering;

/// <summary>Where a receive queue's flow is handled now (kernel: <c>struct rps_dev_flow</c>). Fresh memory is an entry that nobody set.</summary>
public struct RpsDevFlow
{
    private ushort _cpu; // plus one
    private ushort _filter; // plus one

    /// <summary>No CPU, no filter.</summary>
    public const int None = 0xFFFF;

    /// <summary>The backlog's tail behind the flow's last packet.</summary>
    public uint LastQtail;

    /// <summary>Hash of the flow for which hardware has a filter.</summary>
    public uint Hash;

    /// <summary>The CPU that gets the flow's packets; <see cref="None"/> when none was chosen.</summary>
    public int Cpu
    {
        readonly get => (ushort)(_cpu - 1);
        set => _cpu = (ushort)(value + 1);
    }

    /// <summary>Number of the flow's hardware filter; <see cref="None"/> when it has none.</summary>
    public int Filter
    {
        readonly get => (ushort)(_filter - 1);
        set => _filter = (ushort)(value + 1);
    }
}

/// <summary>The flows of a receive queue (kernel: <c>struct rps_dev_flow_table</c>; <c>rps_flow_cnt</c>; specification section 6.1).</summary>
public sealed class RpsDevFlowTable
{
    /// <summary>Most entries that a table has.</summary>
    public const int MaxEntries = 1 << 29;

    private const uint GoldenRatio32 = 0x61C88647;
    private readonly RpsDevFlow[] _flows;
    private readonly KernelVersion _version;
    private readonly int _log;

    /// <summary>An empty table.</summary>
    /// <param name="version">Whose way to find a flow's entry.</param>
    /// <param name="count">Entries wanted, 1 to <see cref="MaxEntries"/>; rounded up to a power of two.</param>
    public RpsDevFlowTable(KernelVersion version, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxEntries);
        _version = version;
        _flows = new RpsDevFlow[BitOperations.RoundUpToPowerOf2((uint)count)];
        _log = BitOperations.Log2((uint)_flows.Length);
    }

    /// <summary>Entries.</summary>
    public int Count => _flows.Length;

    /// <summary>An entry.</summary>
    public ref RpsDevFlow this[int slot] => ref _flows[slot];

    /// <summary>The entry of a flow (kernel: <c>rfs_slot</c>): in 3.10 the hash's lower bits.</summary>
    public int SlotOf(uint hash)
    {
        if (_version == KernelVersion.V310) return (int)(hash & (uint)(_flows.Length - 1));
        return _log == 0 ? 0 : (int)((hash * GoldenRatio32) >> (32 - _log));
    }

    /// <summary>
    /// The flow's CPU has not dequeued many packets since the flow's last: its filter is worth keeping (kernel: <c>rps_flow_is_active</c>;
    /// specification section 6.5).
    /// </summary>
    public bool IsActive(in RpsDevFlow flow, IRpsCpus cpus)
    {
        var few = 10 * (_version == KernelVersion.V310 ? _flows.Length - 1 : _flows.Length);
        return flow.Cpu < cpus.Count && (int)(cpus.InputQueueHead(flow.Cpu) - flow.LastQtail) < few;
    }
}

/// <summary>The entry into which an enqueue writes the backlog's tail (kernel: <c>&amp;rflow-&gt;last_qtail</c>); default for none.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Slot">Its place.</param>
public readonly record struct RpsFlowRef(RpsDevFlowTable? Table, int Slot)
{
    /// <summary>A packet of the flow is the backlog's last (kernel: <c>rps_input_queue_tail_save</c>).</summary>
    public void SaveTail(uint tail)
    {
        if (Table is not null) Table[Slot].LastQtail = tail;
    }
}
