using System.Globalization;
using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>The keys of one kind of section: what the reader accepts and the reference lists, so that the two cannot differ.</summary>
internal sealed class KeyTable(string path, string about, KeyTable? shared = null)
{
    /// <summary>The default of keys that must be written.</summary>
    public const string Required = "required";

    private static readonly long OneHour = KernelTime.FromSeconds(3600).Nanoseconds;
    private readonly List<SettingKey> _own = [];

    /// <summary>Where such a section stands: <c>hosts.HOST.devices.DEVICE.ring</c>.</summary>
    public string Path { get; } = path;

    /// <summary>What it sets.</summary>
    public string About { get; } = about;

    /// <summary>The keys of this table alone.</summary>
    public IReadOnlyList<SettingKey> Own => _own;

    /// <summary>The keys that several tables share, then the own ones.</summary>
    public IEnumerable<SettingKey> Keys => shared is null ? _own : shared.Keys.Concat(_own);

    /// <summary>A key whose value the caller knows how to read.</summary>
    public SettingKey<T> Value<T>(string name, string unit, string range, string defaultText, T otherwise, Func<string, Reading<T>> read,
        string doc) =>
        Added(new SettingKey<T>(name, unit, range, defaultText, doc, otherwise, read));

    /// <summary>A key whose value is a section, list or several forms; the caller reads its node.</summary>
    public SettingKey Node(string name, string unit, string range, string defaultText, string doc) =>
        Added(new SettingKey(name, unit, range, defaultText, doc));

    /// <summary>A whole number.</summary>
    public SettingKey<int> Whole(string name, int otherwise, int least, int most, string doc) =>
        Value(name, "whole number", $"{least} to {most}", Invariant(otherwise), otherwise, text =>
            Values.Whole(text, least, most).Then(v => (int)v), doc);

    /// <summary>A span between nothing and an hour, unless limits are given.</summary>
    public SettingKey<KernelTime> Time(string name, string otherwise, string doc, string least = "0ns", string? most = null,
        Quantity? quantity = null)
    {
        var limits = (Least: In(Quantity.Time, least), Most: most is null ? OneHour : In(Quantity.Time, most));
        quantity ??= Quantity.Time;
        var unit = quantity.Bare switch { 0 => "time", 1 => "time, or ns as a bare number", _ => "time, or us as a bare number" };
        var first = otherwise == Required ? KernelTime.Zero : new KernelTime(In(Quantity.Time, otherwise));
        return Value(name, unit, $"{least} to {Quantity.Time.Text(limits.Most)}", otherwise, first,
            text => quantity.Read(text, limits.Least, limits.Most).Then(KernelTime.FromNanoseconds), doc);
    }

    /// <summary>An amount in the base unit of <paramref name="quantity"/>.</summary>
    public SettingKey<long> Amount(string name, Quantity quantity, string otherwise, string least, string most, string doc)
    {
        var (min, max) = (In(quantity, least), In(quantity, most));
        return Value(name, quantity.Noun, $"{least} to {most}", otherwise, otherwise == Required ? 0 : In(quantity, otherwise),
            text => quantity.Read(text, min, max), doc);
    }

    /// <summary>A share between 0 % and 100 %, read as 0 to 1.</summary>
    public SettingKey<double> Share(string name, string otherwise, string doc) =>
        Value(name, "percentage", "0% to 100%", otherwise, In(Quantity.Percent, otherwise) / 1e8,
            text => Quantity.Percent.Read(text, 0, 100_000_000).Then(v => v / 1e8), doc);

    /// <summary>On or off.</summary>
    public SettingKey<bool> Switch(string name, bool otherwise, string doc) =>
        Value(name, "switch", "on or off", otherwise ? "on" : "off", otherwise, Values.Switch, doc);

    /// <summary>One of a few words.</summary>
    public SettingKey<T> Choice<T>(string name, string otherwise, string doc, params (string Word, T Value)[] words) =>
        Value(name, "word", Words.Or(words.Select(w => w.Word)), otherwise, words.FirstOrDefault(w => w.Word == otherwise).Value!,
            text => Values.Choice(text, words), doc);

    /// <summary>Free text of one line.</summary>
    public SettingKey<string> Text(string name, string otherwise, string doc) =>
        Value(name, "text", "one line", otherwise.Length == 0 ? "none" : otherwise, otherwise == Required ? "" : otherwise, text => text,
            doc);

    private T Added<T>(T key) where T : SettingKey
    {
        _own.Add(key);
        return key;
    }

    private static long In(Quantity quantity, string text) =>
        quantity.Read(text, 0, long.MaxValue) is { Fault: null } good ? good.Value
            : throw new ArgumentException($"`{text}` in a key table");

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);
}
