using System.Buffers.Binary;
using System.Globalization;

namespace NetActors.Nic;

/// <summary>
/// The Toeplitz hash of one key, as NICs compute it for RSS (specification section 1.1). Linear over XOR, so each input byte at each
/// position has its 32-bit share in a table made once per key.
/// </summary>
public sealed class Toeplitz
{
    /// <summary>Bytes of the longest input: IPv6 addresses and ports.</summary>
    public const int MaxInput = 36;

    private readonly byte[] _key;
    private readonly uint[] _shares = new uint[MaxInput * 256];

    /// <summary>The hash for <paramref name="key"/>.</summary>
    /// <param name="key">40 bytes (most devices) or 52 (<c>NETDEV_RSS_KEY_LEN</c>, i40e and ice); another length is an argument
    /// error.</param>
    public Toeplitz(ReadOnlySpan<byte> key)
    {
        if (key.Length is not (40 or 52)) throw new ArgumentException("an RSS key has 40 or 52 bytes", nameof(key));
        _key = key.ToArray();
        for (var position = 0; position < MaxInput; position++)
        {
            var window = BinaryPrimitives.ReadUInt32BigEndian(key[position..]);
            var next = key[position + 4];
            var shares = _shares.AsSpan(position * 256, 256);
            for (var bit = 0; bit < 8; bit++)
            {
                var share = bit == 0 ? window : (window << bit) | (uint)(next >> (8 - bit));
                var value = 0x80 >> bit;
                for (var i = value; i < 256; i = (i + 1) | value) shares[i] ^= share;
            }
        }
    }

    /// <summary>The key most documents verify with, and the emulator's default for the sake of determinism.</summary>
    public static ReadOnlySpan<byte> CanonicalKey =>
    [
        0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
        0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
    ];

    /// <summary>The key in use.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>
    /// The share of <paramref name="bytes"/> that stand at <paramref name="position"/> of the input; the hash is the XOR of all shares.
    /// Bytes past <see cref="MaxInput"/> have none.
    /// </summary>
    public uint Hash(ReadOnlySpan<byte> bytes, int position = 0)
    {
        var shares = _shares.AsSpan(position * 256);
        if (bytes.Length > MaxInput - position) bytes = bytes[..(MaxInput - position)];
        var hash = 0u;
        for (var i = 0; i < bytes.Length; i++) hash ^= shares[(i << 8) | bytes[i]];
        return hash;
    }

    /// <summary>Reads a key as <c>ethtool -X hkey</c> has it ("6d:5a:.."). False when it is not hexadecimal bytes.</summary>
    public static bool TryParseKey(string text, out byte[] key)
    {
        var parts = text.Split(':');
        key = new byte[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length > 2 || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key[i]))
                return false;
        }

        return true;
    }
}
