namespace NetActors.Observe;

/// <summary>What a run cost on the machine that ran it. Differs each time, so it is printed beside the result, never in it.</summary>
/// <param name="ElapsedNs">Time on the wall, in nanoseconds.</param>
/// <param name="Packets">Packets the run handled in that time.</param>
/// <param name="Messages">Actor messages handled in that time.</param>
/// <param name="AllocatedBytes">Bytes allocated on the managed heap.</param>
/// <param name="MachineCpus">CPUs of the machine, not of the scenario.</param>
public sealed record WallClockSnapshot(long ElapsedNs, long Packets, long Messages, long AllocatedBytes, int MachineCpus)
{
    /// <summary>Packets a second of wall time; 0 when no time passed.</summary>
    public double PacketsPerSecond => ElapsedNs > 0 ? Packets * 1e9 / ElapsedNs : 0;
}
