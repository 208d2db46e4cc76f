using NetActors.Time;

namespace NetActors.Observe;

/// <summary>One thing that happened, small enough to keep millions; <see cref="TracePoint"/> says what the arguments mean.</summary>
/// <param name="time">When, on the clock of the CPU or device where it happened.</param>
/// <param name="host">Index of the host in the scenario.</param>
/// <param name="cpu">CPU number; <see cref="NoCpu"/> for a device.</param>
/// <param name="context">In which context.</param>
/// <param name="point">What.</param>
/// <param name="packetId">The packet's id; 0 when no packet is concerned.</param>
/// <param name="flowHash">The packet's flow hash (kernel: <c>skb-&gt;hash</c>); 0 when there is none yet.</param>
/// <param name="arg1">First argument.</param>
/// <param name="arg2">Second argument.</param>
public readonly struct TraceEvent(
    KernelTime time, int host, int cpu, TraceContext context, TracePoint point,
    long packetId = 0, uint flowHash = 0, long arg1 = 0, long arg2 = 0)
{
    /// <summary>The <see cref="Cpu"/> of an event that took no CPU's time.</summary>
    public const int NoCpu = -1;

    /// <summary>When, on the clock of the CPU or device where it happened.</summary>
    public readonly KernelTime Time = time;

    /// <summary>The packet's id; 0 when no packet is concerned.</summary>
    public readonly long PacketId = packetId;

    /// <summary>First argument.</summary>
    public readonly long Arg1 = arg1;

    /// <summary>Second argument.</summary>
    public readonly long Arg2 = arg2;

    /// <summary>The packet's flow hash; 0 when there is none yet.</summary>
    public readonly uint FlowHash = flowHash;

    /// <summary>CPU number; <see cref="NoCpu"/> for a device.</summary>
    public readonly short Cpu = (short)cpu;

    /// <summary>Index of the host in the scenario.</summary>
    public readonly ushort Host = (ushort)host;

    /// <summary>What.</summary>
    public readonly TracePoint Point = point;

    /// <summary>In which context.</summary>
    public readonly TraceContext Context = context;
}
