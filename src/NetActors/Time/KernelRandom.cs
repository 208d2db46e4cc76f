using System.Numerics;

namespace NetActors.Time;

/// <summary>
/// The only randomness of a simulation: xoshiro256**, seeded through splitmix64 (Blackman and Vigna, "Scrambled linear
/// pseudorandom number generators"), so that one seed gives one sequence on every machine (kernel: <c>prandom_u32_state</c>).
/// </summary>
public sealed class KernelRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>A generator whose whole sequence follows from <paramref name="seed"/>.</summary>
    public KernelRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>A generator in a given state, for the reference values.</summary>
    internal KernelRandom(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>
    /// A generator of its own for the part called <paramref name="name"/>: adding a part to a scenario does not move the others.
    /// </summary>
    public static KernelRandom For(ulong seed, ReadOnlySpan<char> name)
    {
        var hash = 14695981039346656037UL; // FNV-1a over the UTF-16 units: the same on every machine
        foreach (var unit in name) hash = (hash ^ unit) * 1099511628211UL;
        return new KernelRandom(seed ^ hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>32 random bits (kernel: <c>get_random_u32</c>).</summary>
    public uint NextUInt32() => (uint)(NextUInt64() >> 32);

    /// <summary>A whole number in [0, <paramref name="bound"/>); 0 for a bound of 0 or 1 (kernel: <c>get_random_u32_below</c>).</summary>
    public uint NextBelow(uint bound) => (uint)(((ulong)NextUInt32() * bound) >> 32);

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability (0 to 1).</summary>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>A span of an exponential distribution with the given mean, in the mean's unit: the gaps of a Poisson process.</summary>
    public double NextExponential(double mean) => -mean * Log(((NextUInt64() >> 11) + 1) * (1.0 / (1UL << 53)));

    /// <summary>Fills <paramref name="bytes"/> with random bytes.</summary>
    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(NextUInt64() >> 56);
    }

    /// <summary>
    /// Natural logarithm of a normal number above 0, good to 1e-13, by operations that IEEE 754 rounds the same everywhere;
    /// <see cref="Math.Log(double)"/> is the C library's and differs by machine.
    /// </summary>
    internal static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xF_FFFF_FFFF_FFFF) | (1023L << 52)); // 1 to 2
        if (mantissa > 1.4142135623730951) (mantissa, exponent) = (mantissa * 0.5, exponent + 1);
        var s = (mantissa - 1) / (mantissa + 1); // log(m) = 2 atanh(s)
        var q = s * s;
        var series = (1.0 / 15 * q) + (1.0 / 13); // written out, since a division takes longer than all the rest
        series = (((series * q) + (1.0 / 11)) * q) + (1.0 / 9);
        series = (((series * q) + (1.0 / 7)) * q) + (1.0 / 5);
        series = (((series * q) + (1.0 / 3)) * q) + 1;
        return (exponent * 0.6931471805599453) + (2 * s * series);
    }

    /// <summary>
    /// The exponential of a number between -700 and 700, good to 1e-14 of it, by operations that round the same everywhere, as <see cref="Log"/>.
    /// </summary>
    internal static double Exp(double value)
    {
        var halvings = Math.Round(value * 1.4426950408889634);
        var r = value - (halvings * 0.6931471803691238) - (halvings * 1.9082149292705877e-10); // ln 2 in two parts
        var sum = 1.0;
        for (var i = 14; i > 0; i--) sum = 1 + (sum * r / i);
        return Math.ScaleB(sum, (int)halvings);
    }

    /// <summary>A power of a number above 0, as <see cref="Exp"/> and <see cref="Log"/> make it.</summary>
    internal static double Pow(double value, double exponent) => Exp(exponent * Log(value));

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
