using NetActors.Costs;

namespace NetActors.Tests.Exactness;

/// <summary>A frame as both simulators get it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Arrival">When its last bit arrives, in nanoseconds.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Bytes">Length without check sequence.</param>
internal readonly record struct SmallFrame(long Id, long Arrival, int Flow, int Bytes);

/// <summary>A flow: what the card and the socket look-up make of its addresses and ports.</summary>
/// <param name="SourcePort">Its source port.</param>
/// <param name="Hash">The card's receive hash.</param>
/// <param name="Queue">The receive queue.</param>
/// <param name="Socket">The socket, from 0.</param>
internal readonly record struct SmallFlow(ushort SourcePort, uint Hash, int Queue, int Socket);

/// <summary>Receiving threads that share one socket.</summary>
/// <param name="Cpus">The CPU of each thread.</param>
/// <param name="Batch">Datagrams a call.</param>
/// <param name="Service">User time of a datagram in nanoseconds.</param>
/// <param name="RcvBufPackets">Receive buffer, in datagrams of the card's truesize.</param>
internal sealed record SmallSink(int[] Cpus, int Batch, int Service, int RcvBufPackets);

/// <summary>All that a small scenario consists of: one host, one card, sinks, frames. What both simulators are given.</summary>
internal sealed record SmallScenario
{
    public required KernelVersion Kernel { get; init; }

    /// <summary>Ticks a second; 0 for exact.</summary>
    public required int Hz { get; init; }

    public required int Cpus { get; init; }

    public required int Queues { get; init; }

    /// <summary>The CPU of each queue's vector.</summary>
    public required int[] Affinity { get; init; }

    public required int Ring { get; init; }

    public required int Weight { get; init; }

    public required int RxUsecs { get; init; }

    public required int RxFrames { get; init; }

    /// <summary>Intel's least gap between interrupts instead of the wait since the first frame.</summary>
    public required bool Throttle { get; init; }

    public required int Budget { get; init; }

    public required int BudgetUsecs { get; init; }

    public required int MaxBacklog { get; init; }

    public required int DevWeight { get; init; }

    /// <summary>CPUs that all queues steer to; empty for no RPS.</summary>
    public required int[] RpsCpus { get; init; }

    public required bool DeferToRunningKsoftirqd { get; init; }

    public required SmallSink[] Sinks { get; init; }

    public required SmallFlow[] Flows { get; init; }

    public required SmallFrame[] Frames { get; init; }

    public required CostModel Costs { get; init; }

    public override string ToString() =>
        $"{Kernel} HZ {Hz}, {Cpus} CPUs, {Queues} queues of {Ring} on [{string.Join(' ', Affinity)}], weight {Weight}, usecs {RxUsecs} frames {RxFrames}"
        + $"{(Throttle ? " throttle" : "")}, budget {Budget} in {BudgetUsecs} us, backlog {MaxBacklog} weight {DevWeight}, RPS [{string.Join(' ', RpsCpus)}]"
        + $"{(DeferToRunningKsoftirqd ? ", deferring" : "")}, sinks "
        + string.Join(", ", Sinks.Select(s => $"[{string.Join(' ', s.Cpus)}] batch {s.Batch} service {s.Service} room {s.RcvBufPackets}"))
        + $", {Flows.Length} flows, {Frames.Length} frames until {(Frames.Length == 0 ? 0 : Frames[^1].Arrival)} ns";
}
