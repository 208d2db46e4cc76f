using System.Buffers.Binary;
using System.Numerics;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class JenkinsHashTests
{
    [Theory]
    [InlineData(0u, 0x17770551u)] // driver5 of Jenkins' lookup3.c
    [InlineData(1u, 0xCD628161u)]
    public void The_final_mix_gives_the_published_lookup3_hashes(uint seed, uint hash) =>
        Assert.Equal(hash, Lookup3("Four score and seven years ago"u8, seed));

    [Fact]
    public void Three_words_are_seeded_in_the_last_word_as_in_Linux_3_10()
    {
        var (a, b, c) = (0xDEADBEEFu + 1, 0xDEADBEEFu + 2, 3u + 4u);
        JenkinsHash.FinalMix(ref a, ref b, ref c);
        Assert.Equal(c, JenkinsHash.Hash3Words(1, 2, 3, 4));
        Assert.Equal(JenkinsHash.Hash3Words(7, 0, 0, 9), JenkinsHash.Hash1Word(7, 9));
    }

    private static uint Lookup3(ReadOnlySpan<byte> key, uint seed)
    {
        var a = 0xDEADBEEF + (uint)key.Length + seed;
        var (b, c) = (a, a);
        for (; key.Length > 12; key = key[12..])
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(key);
            b += BinaryPrimitives.ReadUInt32LittleEndian(key[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(key[8..]);
            a = (a - c) ^ BitOperations.RotateLeft(c, 4);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 6);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 8);
            b += a;
            a = (a - c) ^ BitOperations.RotateLeft(c, 16);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 19);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 4);
            b += a;
        }

        Span<byte> tail = stackalloc byte[12];
        tail.Clear();
        key.CopyTo(tail);
        a += BinaryPrimitives.ReadUInt32LittleEndian(tail);
        b += BinaryPrimitives.ReadUInt32LittleEndian(tail[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(tail[8..]);
        JenkinsHash.FinalMix(ref a, ref b, ref c);
        return c;
    }
}
