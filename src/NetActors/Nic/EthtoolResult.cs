namespace NetActors.Nic;

/// <summary>The answer to an ethtool request: done, or refused with the errno Linux gives and why.</summary>
/// <param name="Error">"EINVAL: ..." for people; null when done.</param>
public readonly record struct EthtoolResult(string? Error)
{
    /// <summary>Done.</summary>
    public static readonly EthtoolResult Success;

    /// <summary>True when done.</summary>
    public bool Ok => Error is null;

    /// <summary>Refused: an argument does not fit (<c>EINVAL</c>).</summary>
    public static EthtoolResult Invalid(string why) => new("EINVAL: " + why);

    /// <summary>Refused: the device cannot do that (<c>EOPNOTSUPP</c>).</summary>
    public static EthtoolResult NotSupported(string why) => new("EOPNOTSUPP: " + why);

    /// <summary>Refused: still in use (<c>EBUSY</c>).</summary>
    public static EthtoolResult Busy(string why) => new("EBUSY: " + why);

    /// <summary>Refused: there is no such entry (<c>ENOENT</c>).</summary>
    public static EthtoolResult NotFound(string why) => new("ENOENT: " + why);

    /// <summary>Refused: the table is full (<c>ENOSPC</c>).</summary>
    public static EthtoolResult NoSpace(string why) => new("ENOSPC: " + why);
}
