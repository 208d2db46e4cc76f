namespace NetActors.Observe;

/// <summary>Whether a source waits for answers.</summary>
public enum LoadModel
{
    /// <summary>Sends at its own pace: overload shows as loss.</summary>
    Open,

    /// <summary>Sends when answered: overload shows as latency.</summary>
    Closed,
}
