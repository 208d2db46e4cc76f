using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>What a run observes.</summary>
/// <param name="WarmUp">From the begin of the run, left out of rates and latencies.</param>
/// <param name="Capture">Devices whose frames are written to a pcapng.</param>
public sealed record ReportSettings(KernelTime WarmUp, IReadOnlyList<DevicePort> Capture);
