namespace NetActors.Nic;

/// <summary>A key, field choice and table of its own (<c>ethtool -X context</c>); context 0 is the device's.</summary>
/// <param name="id">Its number.</param>
/// <param name="hasher">How it hashes.</param>
/// <param name="indirection">Where the hashes lead.</param>
public sealed class RssContext(int id, RssHasher hasher, RssIndirection indirection)
{
    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>How it hashes.</summary>
    public RssHasher Hasher { get; } = hasher;

    /// <summary>Where the hashes lead.</summary>
    public RssIndirection Indirection { get; } = indirection;
}
