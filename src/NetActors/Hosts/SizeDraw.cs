using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>Draws sizes of a scenario's distributions.</summary>
internal static class SizeDraw
{
    /// <summary>The next size in bytes.</summary>
    public static int Next(SizeDistribution sizes, KernelRandom random) => sizes switch
    {
        SizeMix mix => Next(mix, random),
        DrawnSizes drawn => Next(drawn, random),
        SplitSizes split => Next(split, random),
        _ => throw new ArgumentOutOfRangeException(nameof(sizes)),
    };

    private static int Next(SizeMix mix, KernelRandom random) =>
        mix.Sizes.Count == 1 ? mix.Sizes[0].Bytes : OfWeight(mix, (int)random.NextBelow((uint)mix.TotalWeight));

    private static int Next(SplitSizes split, KernelRandom random)
    {
        var small = split.Small.TotalWeight;
        var left = (int)random.NextBelow((uint)(small + split.RestWeight));
        return left < small ? OfWeight(split.Small, left) : Next(split.Rest, random);
    }

    private static int OfWeight(SizeMix mix, int left)
    {
        for (var i = 0; i < mix.Sizes.Count; i++)
        {
            left -= mix.Sizes[i].Weight;
            if (left < 0) return mix.Sizes[i].Bytes;
        }

        return mix.Sizes[^1].Bytes;
    }

    /// <summary>By the inverse of the law's distribution function, whose argument is never 0.</summary>
    private static int Next(DrawnSizes drawn, KernelRandom random)
    {
        var u = 1 - random.NextDouble();
        var power = drawn.Law == SizeLaw.GeneralisedPareto ? u : -KernelRandom.Log(Math.Min(u, 1 - (1.0 / (1UL << 53))));
        var size = drawn.Shape == 0
            ? drawn.Location - (drawn.Scale * KernelRandom.Log(power))
            : drawn.Location + (drawn.Scale * (KernelRandom.Pow(power, -drawn.Shape) - 1) / drawn.Shape);
        return (int)Math.Clamp(size, drawn.Least, drawn.Most);
    }
}
