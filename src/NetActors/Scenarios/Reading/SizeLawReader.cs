using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads sizes drawn from a law: <c>gpareto 15 214.5 0.35</c>, <c>gev 30.8 8.2 0.08</c>.</summary>
internal static class SizeLawReader
{
    private const double MostShape = 5;
    private static readonly string[] Laws = ["gpareto", "gev"];

    /// <summary>Whether the text is meant as a law: it begins with a letter.</summary>
    public static bool IsMeant(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]);

    /// <summary>Reads it; sizes below <paramref name="least"/> and above <paramref name="most"/> count as these.</summary>
    public static Reading<SizeDistribution> Read(string text, int least, int most)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || Array.IndexOf(Laws, words[0]) < 0)
            return Reading<SizeDistribution>.Bad($"`{Words.Cut(text)}` is neither a size nor a law ({Words.Or(Laws)})", words.Length == 0 ? null : NearestName.Of(words[0], Laws));
        var numbers = new double[3];
        if (words.Length != 4 || !words.Skip(1).Select((word, i) => TryNumber(word, out numbers[i])).All(good => good))
            return Reading<SizeDistribution>.Bad($"`{Words.Cut(text)}`: {words[0]} needs three numbers: location, scale, shape");
        var (location, scale, shape) = (numbers[0], numbers[1], numbers[2]);
        if (scale <= 0) return Reading<SizeDistribution>.Bad($"`{Words.Cut(text)}`: the scale must be above 0");
        if (Math.Abs(shape) > MostShape) return Reading<SizeDistribution>.Bad($"`{Words.Cut(text)}`: the shape must be -{MostShape} to {MostShape}");
        return new DrawnSizes(words[0] == "gev" ? SizeLaw.GeneralisedExtremeValue : SizeLaw.GeneralisedPareto, location, scale, shape, least, most);
    }

    private static bool TryNumber(string word, out double number) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
        && Math.Abs(number) <= 1e9;
}
