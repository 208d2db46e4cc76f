using NetActors.Time;

namespace NetActors.Lab.Runs;

/// <summary>A stretch of a run on the host under study.</summary>
/// <param name="From">Its begin.</param>
/// <param name="To">Its end.</param>
/// <param name="Busy">Share of each CPU's time that was work, 0 to 1.</param>
/// <param name="Softirq">Share of each CPU's time in interrupts and softirqs, 0 to 1.</param>
/// <param name="Depths">What waited at its end.</param>
internal sealed record Slice(KernelTime From, KernelTime To, double[] Busy, double[] Softirq, QueueDepths Depths);
