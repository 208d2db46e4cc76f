using System.Numerics;

namespace NetActors.Headers;

/// <summary>Jenkins' hash of a few words, as Linux 3.10 has it (kernel: include/linux/jhash.h; the final mix is lookup3's).</summary>
public static class JenkinsHash
{
    private const uint InitialValue = 0xDEAD_BEEF; // JHASH_INITVAL

    /// <summary>
    /// The hash of three words (kernel 3.10: <c>jhash_3words</c>, which unlike lookup3 adds the seed to the last word only).
    /// </summary>
    public static uint Hash3Words(uint first, uint second, uint third, uint seed)
    {
        first += InitialValue;
        second += InitialValue;
        third += seed;
        FinalMix(ref first, ref second, ref third);
        return third;
    }

    /// <summary>The hash of one word (kernel 3.10: <c>jhash_1word</c>, which picks a transmit queue).</summary>
    public static uint Hash1Word(uint word, uint seed) => Hash3Words(word, 0, 0, seed);

    /// <summary>lookup3's <c>final</c> (kernel: <c>__jhash_final</c>).</summary>
    internal static void FinalMix(ref uint a, ref uint b, ref uint c)
    {
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        c = (c ^ b) - BitOperations.RotateLeft(b, 24);
    }
}
