using System.Numerics;

namespace NetActors.Tcp;

/// <summary>
/// Cube root in integers: a table of the first bits and one step of Newton's method, good to 0.2 % on average. The kernel's values
/// (<c>cubic_root</c>), since a better root would give another window.
/// </summary>
internal static class CubicRoot
{
    // cbrt(i << 18) - 1, refined by hand
    private static ReadOnlySpan<byte> Table =>
    [
        0, 54, 54, 54, 118, 118, 118, 118, 123, 129, 134, 138, 143, 147, 151, 156,
        157, 161, 164, 168, 170, 173, 176, 179, 181, 185, 187, 190, 192, 194, 197, 199,
        200, 202, 204, 206, 209, 211, 213, 215, 217, 219, 221, 222, 224, 225, 227, 229,
        231, 232, 234, 236, 237, 239, 240, 242, 244, 245, 246, 248, 250, 251, 252, 254,
    ];

    /// <summary>About the cube root of <paramref name="value"/>.</summary>
    public static uint Of(ulong value)
    {
        if (value < 64) return (uint)(Table[(int)value] + 35) >> 6;
        var bits = 64 - BitOperations.LeadingZeroCount(value);
        var third = ((bits * 84) >> 8) - 1;
        var first = (uint)(Table[(int)(value >> (third * 3))] + 10);
        var root = (first << third) >> 6;
        root = (2 * root) + (uint)(value / ((ulong)root * (root - 1)));
        return (root * 341) >> 10;
    }
}
