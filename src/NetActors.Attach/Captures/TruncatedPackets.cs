namespace NetActors.Attach;

/// <summary>What replay does with packets of which only a part was captured.</summary>
public enum TruncatedPackets
{
    /// <summary>Adds zeros up to the original length, so that length checks hold; checksums over the payload then fail.</summary>
    Pad,

    /// <summary>Leaves them out.</summary>
    Skip,
}
