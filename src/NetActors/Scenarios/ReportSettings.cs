using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>What a run observes.</summary>
/// <param name="Interval">Width of the time slices that counters are reported by.</param>
/// <param name="WarmUp">From the begin of the run, left out of rates and latencies.</param>
/// <param name="Capture">Devices whose frames are written to a pcapng.</param>
public sealed record ReportSettings(KernelTime Interval, KernelTime WarmUp, IReadOnlyList<DevicePort> Capture);
