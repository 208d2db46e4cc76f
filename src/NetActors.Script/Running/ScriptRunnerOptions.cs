using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>What a run is given beside the script.</summary>
public sealed record ScriptRunnerOptions
{
    /// <summary>
    /// How long an expected packet or an ordinary call may keep the script waiting beyond its time (the shim's <c>maxwait_ms</c>).
    /// </summary>
    public KernelTime MaxWait { get; init; } = KernelTime.FromSeconds(300);

    /// <summary>Port of the first connection that the script's peer opens; the next ones count up.</summary>
    public ushort FirstPeerPort { get; init; } = 40_000;
}
