namespace NetActors.Xdp;

/// <summary>What became of the frames that a device's XDP program saw, on one queue.</summary>
public sealed class XdpStats
{
    private readonly long[] _verdicts = new long[5];

    /// <summary>Frames by what the program wanted.</summary>
    public long this[XdpAction action] => _verdicts[(int)action];

    /// <summary>Frames that could not be sent where they should: their ring was full, or there is no such device.</summary>
    public long Errors { get; internal set; }

    /// <summary>Frames that did not go into the stack.</summary>
    public long Taken => _verdicts.Sum() - _verdicts[(int)XdpAction.Pass];

    internal void Count(XdpAction action) => _verdicts[(int)action]++;
}
