using System.Buffers.Binary;
using System.Globalization;
using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>
/// The keys of a server's Fast Open cookies: new cookies by the first, old ones also by the second (kernel:
/// <c>struct tcp_fastopen_context</c>; RFC 7413 section 4.1.2).
/// </summary>
/// <param name="Primary">The key in use.</param>
/// <param name="Backup">The key before it; null for none.</param>
public sealed record TcpFastOpenKeys(SipHash Primary, SipHash? Backup = null)
{
    private const sbyte CookieSize = 8; // TCP_FASTOPEN_COOKIE_SIZE

    /// <summary>
    /// Reads <c>net.ipv4.tcp_fastopen_key</c>: four words in hexadecimal with dashes between, and a second key behind a comma (kernel:
    /// <c>proc_tcp_fastopen_key</c>). False for anything else.
    /// </summary>
    public static bool TryParse(string text, out TcpFastOpenKeys keys)
    {
        keys = new TcpFastOpenKeys(default(SipHash));
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (!TryKey(comma < 0 ? text : text[..comma], out var primary)) return false;
        var backup = default(SipHash);
        if (comma >= 0 && !TryKey(text[(comma + 1)..], out backup)) return false;
        keys = new TcpFastOpenKeys(primary, comma < 0 ? (SipHash?)null : backup);
        return true;
    }

    /// <summary>Reads TCP_FASTOPEN_KEY: one or two keys of 16 bytes. False for another length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpFastOpenKeys keys)
    {
        const int Size = SipHash.KeySize;
        var fits = bytes.Length is Size or 2 * Size;
        keys = new TcpFastOpenKeys(fits ? SipHash.FromKey(bytes) : default, bytes.Length == 2 * Size ? SipHash.FromKey(bytes[Size..]) : null);
        return fits;
    }

    /// <summary>The keys as TCP_FASTOPEN_KEY has them.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Backup is null ? SipHash.KeySize : 2 * SipHash.KeySize];
        Write(Primary, bytes);
        if (Backup is { } backup) Write(backup, bytes.AsSpan(SipHash.KeySize));
        return bytes;

        static void Write(in SipHash key, Span<byte> place)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(place, key.Key0);
            BinaryPrimitives.WriteUInt64LittleEndian(place[8..], key.Key1);
        }
    }

    /// <summary>The keys as <c>net.ipv4.tcp_fastopen_key</c> has them.</summary>
    public override string ToString()
    {
        return Backup is { } backup ? $"{Text(Primary)},{Text(backup)}" : Text(Primary);

        static string Text(in SipHash key) =>
            string.Create(CultureInfo.InvariantCulture, $"{(uint)key.Key0:x8}-{key.Key0 >> 32:x8}-{(uint)key.Key1:x8}-{key.Key1 >> 32:x8}");
    }

    /// <summary>The cookie of a client by a key, over both addresses (kernel: <c>__tcp_fastopen_cookie_gen_cipher</c>).</summary>
    public static FastOpenCookie Cookie(in SipHash key, uint client, uint server)
    {
        Span<byte> path = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(path, client);
        BinaryPrimitives.WriteUInt32BigEndian(path[4..], server);
        return Of(key.Compute(path));
    }

    /// <summary>The cookie of a client over IPv6.</summary>
    public static FastOpenCookie Cookie(in SipHash key, UInt128 client, UInt128 server)
    {
        Span<byte> path = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(path, client);
        BinaryPrimitives.WriteUInt128BigEndian(path[16..], server);
        return Of(key.Compute(path));
    }

    /// <summary>
    /// Which key a cookie was made with: 1 or 2, 0 for neither; and the cookie to be used from now on (kernel:
    /// <c>tcp_fastopen_cookie_gen_check</c>).
    /// </summary>
    internal int Check(FastOpenCookie cookie, uint client, uint server, out FastOpenCookie current)
    {
        current = Cookie(Primary, client, server);
        if (IsSame(cookie, current)) return 1;
        return Backup is { } backup && IsSame(cookie, Cookie(backup, client, server)) ? 2 : 0;
    }

    private static bool IsSame(FastOpenCookie left, FastOpenCookie right) => left.Length == right.Length && left.Value == right.Value;

    /// <summary>The hash's bytes, the lowest first, are the cookie's.</summary>
    private static FastOpenCookie Of(ulong hash) =>
        new((UInt128)BinaryPrimitives.ReverseEndianness(hash) << 64, CookieSize, Experimental: false);

    private static bool TryKey(string text, out SipHash key)
    {
        key = default;
        var words = text.Trim().Split('-');
        if (words.Length != 4) return false;
        Span<uint> values = stackalloc uint[4];
        for (var i = 0; i < 4; i++)
        {
            if (!uint.TryParse(words[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out values[i])) return false;
        }

        key = new SipHash((ulong)values[1] << 32 | values[0], (ulong)values[3] << 32 | values[2]);
        return true;
    }
}
