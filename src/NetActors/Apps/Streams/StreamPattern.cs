using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>
/// The bytes that programs send: a stream's position says which they are, so that a byte lost, doubled or in the wrong place shows. They
/// repeat after a prime number of bytes, which no number of whole segments hits.
/// </summary>
internal static class StreamPattern
{
    /// <summary>Most bytes of one piece.</summary>
    public const int LongestPiece = 65536;

    private const int Period = 65521;
    private static readonly Memory<byte> Bytes = Make();

    /// <summary>The bytes from <paramref name="position"/> on, <see cref="LongestPiece"/> at most.</summary>
    public static Memory<byte> At(long position, long length) =>
        Bytes.Slice((int)(position % Period), (int)Math.Min(length, LongestPiece));

    /// <summary>A file of these bytes.</summary>
    public static PageCacheFile File { get; } = new(long.MaxValue / 2, (offset, count) => At(offset, count));

    private static byte[] Make()
    {
        var bytes = new byte[Period + LongestPiece];
        var random = KernelRandom.For(1, "stream-pattern");
        for (var i = 0; i < Period; i++) bytes[i] = (byte)random.NextUInt32();
        for (var i = Period; i < bytes.Length; i++) bytes[i] = bytes[i - Period];
        return bytes;
    }
}
