namespace NetActors.Links;

/// <summary>A source of frames that counts what it gave: traffic of a scenario, which the result names.</summary>
public interface ITrafficSource : IFrameSource
{
    /// <summary>Frames taken so far.</summary>
    long Sent { get; }

    /// <summary>Bytes taken so far, without check sequence.</summary>
    long SentBytes { get; }
}
