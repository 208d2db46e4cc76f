namespace NetActors.Observe;

/// <summary>Which way packets go through a queue.</summary>
public enum QueueDirection
{
    /// <summary>From the wire.</summary>
    Rx,

    /// <summary>To the wire.</summary>
    Tx,
}
