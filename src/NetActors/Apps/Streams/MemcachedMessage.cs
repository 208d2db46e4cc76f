namespace NetActors.Apps.Streams;

/// <summary>
/// How long the messages of memcached's binary protocol are (its protocol-binary: a header of 24 bytes, then extras, key and value). The first
/// 8 bytes of the header are used as a <see cref="RequestHeader"/>.
/// </summary>
internal static class MemcachedMessage
{
    private const int Header = 24;
    private const int GetExtras = 4; // flags, in the answer
    private const int SetExtras = 8; // flags and expiry

    /// <summary>A GET that hits.</summary>
    public static RequestHeader Get(int key, int value) => new(Header + key, Header + GetExtras + value);

    /// <summary>A SET: its answer has no body.</summary>
    public static RequestHeader Set(int key, int value) => new(Header + SetExtras + key + value, Header);
}
