using System.Buffers.Binary;
using System.Numerics;

namespace NetActors.Headers;

/// <summary>
/// SipHash-2-4, a keyed hash whose results cannot be steered without the key (Aumasson and Bernstein, "SipHash: a fast short-input
/// PRF"; kernel: lib/siphash.c).
/// </summary>
/// <param name="Key0">The key's first eight bytes, little endian.</param>
/// <param name="Key1">The key's last eight bytes, little endian.</param>
public readonly record struct SipHash(ulong Key0, ulong Key1)
{
    /// <summary>Size of a key in bytes.</summary>
    public const int KeySize = 16;

    /// <summary>The hash with a key of 16 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The key is shorter.</exception>
    public static SipHash FromKey(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, KeySize, nameof(key));
        return new SipHash(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }

    /// <summary>The 64-bit hash of <paramref name="data"/> (kernel: <c>siphash</c>).</summary>
    public ulong Compute(ReadOnlySpan<byte> data)
    {
        var v0 = Key0 ^ 0x736F_6D65_7073_6575;
        var v1 = Key1 ^ 0x646F_7261_6E64_6F6D;
        var v2 = Key0 ^ 0x6C79_6765_6E65_7261;
        var v3 = Key1 ^ 0x7465_6462_7974_6573;
        var last = (ulong)data.Length << 56;
        for (; data.Length >= 8; data = data[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
        }

        for (var i = 0; i < data.Length; i++) last |= (ulong)data[i] << 8 * i;
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xFF;
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32) + v3;
        v2 += v1;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
