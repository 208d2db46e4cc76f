namespace NetActors.Attach;

/// <summary>How much memory a reader may take for a file, whatever the file claims.</summary>
/// <param name="MaxBlockBytes">Longest block or classic record; the default holds libpcap's largest snap length (256 KiB) with options.</param>
/// <param name="MaxInterfaces">Most interfaces in a file, over all sections.</param>
public sealed record CaptureLimits(int MaxBlockBytes = 1 << 20, int MaxInterfaces = 4096)
{
    /// <summary>The defaults.</summary>
    public static readonly CaptureLimits Default = new();
}
