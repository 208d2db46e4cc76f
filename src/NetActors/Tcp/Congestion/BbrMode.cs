namespace NetActors.Tcp;

/// <summary>What BBR is doing (kernel: <c>enum bbr_mode</c>).</summary>
public enum BbrMode
{
    /// <summary>Doubles the rate each round trip to fill the pipe.</summary>
    Startup,

    /// <summary>Lets the queue run empty that startup made.</summary>
    Drain,

    /// <summary>Sends at the estimated rate, above and below it in turn.</summary>
    ProbeBw,

    /// <summary>Sends next to nothing, to see the round trip without queue.</summary>
    ProbeRtt,
}
