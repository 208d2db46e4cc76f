using System.Globalization;

namespace NetActors.Qdisc;

/// <summary>Figures as tc prints them (iproute2: tc/tc_util.c).</summary>
internal static class TcText
{
    private static readonly string[] RateUnits = ["", "K", "M", "G", "T"];

    /// <summary>A rate in bytes a second (<c>sprint_rate</c>).</summary>
    public static string Rate(long bytesPerSecond)
    {
        var rate = (ulong)bytesPerSecond << 3;
        var unit = 0;
        for (; unit < RateUnits.Length - 1; unit++)
        {
            if (rate < 1000 || (rate % 1000 != 0 && rate < 1_000_000)) break;
            rate /= 1000;
        }

        return Text($"{rate}{RateUnits[unit]}bit");
    }

    /// <summary>A size in bytes (<c>sprint_size</c>).</summary>
    public static string Size(double bytes)
    {
        const double Kilo = 1024, Mega = 1024 * 1024;
        if (bytes >= Mega && Math.Abs((Mega * Math.Round(bytes / Mega)) - bytes) < 1024) return Text($"{Math.Round(bytes / Mega)}Mb");
        if (bytes >= Kilo && Math.Abs((Kilo * Math.Round(bytes / Kilo)) - bytes) < 16) return Text($"{Math.Round(bytes / Kilo)}Kb");
        return Text($"{bytes}b");
    }

    /// <summary>A time in microseconds (<c>sprint_time</c>).</summary>
    public static string Time(double microseconds) => microseconds switch
    {
        >= 1_000_000 => $"{Digits(microseconds / 1_000_000)}s",
        >= 1000 => $"{Digits(microseconds / 1000)}ms",
        _ => Text($"{(uint)microseconds}us"),
    };

    /// <summary>A time in nanoseconds (<c>sprint_time64</c>).</summary>
    public static string TimeOfNanoseconds(long nanoseconds) => nanoseconds switch
    {
        >= 1_000_000_000 => $"{Digits(nanoseconds / 1e9)}s",
        >= 1_000_000 => $"{Digits(nanoseconds / 1e6)}ms",
        >= 1000 => $"{Digits(nanoseconds / 1e3)}us",
        _ => Text($"{nanoseconds}ns"),
    };

    /// <summary>A share of 2^32 - 1 (<c>print_percent</c>: "%g%%").</summary>
    public static string Percent(uint share) => $"{General(100.0 * share / uint.MaxValue, 6)}%";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Digits(double value) => General(value, 3);

    /// <summary>C's <c>%.Ng</c> for numbers that need no exponent.</summary>
    private static string General(double value, int digits)
    {
        if (value == 0) return "0";
        var before = 1;
        for (var rest = Math.Abs(value); rest >= 10; rest /= 10) before++;
        var after = Math.Max(0, digits - before);
        if (Math.Abs(value) < 1)
        {
            for (var rest = Math.Abs(value); rest < 0.1; rest *= 10) after++;
            after++;
        }

        return Math.Round(value, Math.Min(15, after)).ToString("0.###############", CultureInfo.InvariantCulture);
    }
}
