using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>A family of units and how numbers with them are read and written: <c>8us</c>, <c>4Mpps</c>, <c>0.1%</c>.</summary>
internal sealed class Quantity
{
    /// <summary>Spans, in nanoseconds.</summary>
    public static readonly Quantity Time = new("time", ("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000));

    /// <summary>Memory and messages, in bytes; a bare number is bytes, as in every knob of Linux.</summary>
    public static readonly Quantity Size = new("size", ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20)) { Bare = 1 };

    /// <summary>Rates of a link, in bits a second.</summary>
    public static readonly Quantity BitRate = new("rate", ("bit", 1), ("kbit", 1000), ("Mbit", 1_000_000), ("Gbit", 1_000_000_000));

    /// <summary>Rates of traffic, in packets a second.</summary>
    public static readonly Quantity PacketRate = new("packet rate", ("pps", 1), ("kpps", 1000), ("Mpps", 1_000_000));

    /// <summary>Shares, in millionths of a percent.</summary>
    public static readonly Quantity Percent = new("percentage", ("%", 1_000_000));

    /// <summary>Spans whose knob in Linux is a bare number of nanoseconds.</summary>
    public static readonly Quantity TimeOrNanoseconds = new("time", Time._units) { Bare = 1 };

    /// <summary>Spans whose knob in Linux is a bare number of microseconds.</summary>
    public static readonly Quantity TimeOrMicroseconds = new("time", Time._units) { Bare = 1000 };

    private const int LongestNumber = 24;

    private readonly (string Name, long Factor)[] _units;

    private Quantity(string noun, params (string, long)[] units) => (Noun, _units) = (noun, units);

    /// <summary>What it measures, for messages.</summary>
    public string Noun { get; }

    /// <summary>What a number without a unit counts, in base units; 0 when it is refused.</summary>
    public long Bare { get; private init; }

    /// <summary>The units in a sentence: <c>ns, us, ms or s</c>.</summary>
    public string Units => Words.Or(_units.Select(unit => unit.Name));

    /// <summary>Reads a number with its unit, in base units, between <paramref name="least"/> and <paramref name="most"/>.</summary>
    public Reading<long> Read(string text, long least, long most)
    {
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
        var negative = text.StartsWith('-');
        if (negative) return Reading<long>.Bad($"`{text}` is negative: {Text(least)} to {Text(most)}");
        if (digits is 0 or > LongestNumber
            || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return Reading<long>.Bad($"`{Words.Cut(text)}` is no {Noun}: write a number and {Units}");
        var unit = text[digits..].TrimStart();
        if (Factor(unit) is not { } factor) return WrongUnit(text, text[..digits], unit);
        if (number > decimal.MaxValue / factor) return OutOfRange(text, least, most);
        var value = number * factor;
        if (value < least || value > most) return OutOfRange(text, least, most);
        return value == decimal.Truncate(value) ? (long)value : Reading<long>.Bad($"`{text}` is finer than {Text(1)}");
    }

    /// <summary>The shortest exact way to write <paramref name="value"/>.</summary>
    public string Text(long value)
    {
        if (this == Percent) return (value / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture) + "%";
        if (value == long.MaxValue) return "any";
        var unit = _units[0];
        foreach (var candidate in _units)
            if (value != 0 && value % candidate.Factor == 0)
                unit = candidate;
        return string.Create(CultureInfo.InvariantCulture, $"{value / unit.Factor}{unit.Name}");
    }

    private long? Factor(string unit)
    {
        if (unit.Length == 0) return Bare == 0 ? null : Bare;
        foreach (var (name, factor) in _units)
            if (name == unit)
                return factor;
        return null;
    }

    private Reading<long> WrongUnit(string text, string number, string unit)
    {
        if (unit.Length == 0) return Reading<long>.Bad($"`{text}` needs a unit: {Units}");
        var near = Words.Alias(unit) is { } alias && Factor(alias) is not null ? alias : NearestName.Of(unit, _units.Select(u => u.Name));
        return Reading<long>.Bad($"`{Words.Cut(unit)}` is no unit of a {Noun}: {Units}", near is null ? null : number + near,
            text.Length - unit.Length);
    }

    private Reading<long> OutOfRange(string text, long least, long most) =>
        Reading<long>.Bad($"`{text}` is out of range: {Text(least)} to {Text(most)}");
}
