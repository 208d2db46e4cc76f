using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>The keys that say how packets spread over flows, with their arrival process.</summary>
internal sealed class FlowReader(KeyTable keys)
{
    private const int MostFlows = 1_000_000;
    private const double MostExponent = 10;

    private readonly SettingKey<int> _flows = keys.Whole("flows", 1, 1, MostFlows, "how many flows");
    private readonly SettingKey<FlowDistribution> _distribution = keys.Choice("distribution", "uniform", "how packets spread over flows",
        ("uniform", FlowDistribution.Uniform), ("zipf", FlowDistribution.Zipf), ("elephant", FlowDistribution.Elephant));
    private readonly SettingKey<double> _exponent = keys.Value("zipf-exponent", "number", "0 to 10", "1.1", 1.1,
        text => Number(text, 0, MostExponent), "the k-th flow has weight k^-exponent");
    private readonly SettingKey<double> _share = keys.Share("elephant-share", "50%", "share of the first flow");

    /// <summary>The flows.</summary>
    public FlowSettings Read(Section section)
    {
        var flows = new FlowSettings(section.Get(_flows), section.Get(_distribution), section.Get(_exponent), section.Get(_share));
        if (section.Has(_exponent) && flows.Distribution != FlowDistribution.Zipf)
            section.Faults.Add(section.PlaceOf(_exponent), "`zipf-exponent` needs `distribution: zipf`");
        if (section.Has(_share) && flows.Distribution != FlowDistribution.Elephant)
            section.Faults.Add(section.PlaceOf(_share), "`elephant-share` needs `distribution: elephant`");
        return flows;
    }

    /// <summary>A fault when there are more flows than <paramref name="possible"/> addresses and ports make.</summary>
    public void CheckCount(Section section, FlowSettings flows, long possible)
    {
        if (flows.Count > possible)
            section.Faults.Add(section.PlaceOf(_flows),
                $"{flows.Count} flows need more addresses and ports than the {possible} pairs that are there");
    }

    /// <summary>A number with decimals.</summary>
    public static Reading<double> Number(string text, double least, double most)
    {
        if (text.Length > 24 || !double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return Reading<double>.Bad($"`{Words.Cut(text)}` is no number");
        return number >= least && number <= most
            ? number
            : Reading<double>.Bad(string.Create(CultureInfo.InvariantCulture, $"{text} is out of range: {least} to {most}"));
    }

    /// <summary>The key <c>arrival</c>.</summary>
    public static SettingKey<ArrivalProcess> Arrival(KeyTable keys) => keys.Choice("arrival", "constant", "equal gaps, or exponential ones",
        ("constant", ArrivalProcess.Constant), ("poisson", ArrivalProcess.Poisson));
}
