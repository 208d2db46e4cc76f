namespace NetActors.Observe;

/// <summary>A setting that was written while the host ran.</summary>
/// <param name="AtNs">When, in nanoseconds.</param>
/// <param name="Key">What, such as <c>/sys/class/net/eth0/queues/rx-0/rps_cpus</c>.</param>
/// <param name="Value">What was written.</param>
/// <param name="Error">Why it was refused, with the errno first; empty when it was taken.</param>
public sealed record KnobWriteSnapshot(long AtNs, string Key, string Value, string Error);
