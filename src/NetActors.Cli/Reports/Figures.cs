using System.Globalization;
using NetActors.Time;

namespace NetActors.Cli.Reports;

/// <summary>Numbers as a report prints them.</summary>
internal static class Figures
{
    /// <summary>A count.</summary>
    public static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A share of a whole, in percent with one decimal; 0.0 of nothing.</summary>
    public static string Percent(long part, long whole) =>
        (whole == 0 ? 0 : 100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>A quotient with one decimal; <c>-</c> without divisor.</summary>
    public static string Ratio(long value, long by) => by == 0 ? "-" : ((double)value / by).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>A time in the unit that suits it: <c>100 ms</c>, <c>12.345 us</c>.</summary>
    public static string Time(KernelTime time)
    {
        var (value, unit) = time.Nanoseconds switch
        {
            >= 1_000_000_000 => (time.Nanoseconds / 1e9, "s"),
            >= 1_000_000 => (time.Nanoseconds / 1e6, "ms"),
            >= 1_000 => (time.Nanoseconds / 1e3, "us"),
            _ => (time.Nanoseconds, "ns"),
        };
        return value.ToString("0.###", CultureInfo.InvariantCulture) + " " + unit;
    }

    /// <summary>Nanoseconds as microseconds with two decimals.</summary>
    public static string Microseconds(long nanoseconds) => (nanoseconds / 1e3).ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>A rate in millions or thousands a second.</summary>
    public static string Rate(double perSecond, string unit) => perSecond switch
    {
        >= 1e6 => (perSecond / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " M" + unit,
        >= 1e3 => (perSecond / 1e3).ToString("0.00", CultureInfo.InvariantCulture) + " k" + unit,
        _ => perSecond.ToString("0.##", CultureInfo.InvariantCulture) + " " + unit,
    };

    /// <summary>A count with its noun: <c>1 drop</c>, <c>2 drops</c>.</summary>
    public static string Of(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
