using System.Globalization;
using System.Text.RegularExpressions;

namespace NetActors.Lab.Sweeping;

/// <summary>Reads the values of a swept key: <c>a,b,c</c>, <c>1..8</c>, <c>1..64*2</c>, <c>100..1000+100kpps</c>.</summary>
internal static partial class SweepValues
{
    /// <summary>Values that one key may have.</summary>
    public const int Most = 10_000;

    /// <summary>The values in order; null with the fault when they cannot be read.</summary>
    public static IReadOnlyList<string>? Read(string text, out string? fault)
    {
        fault = null;
        var values = new List<string>();
        foreach (var part in Split(text))
        {
            if (part.Length == 0) return Refuse($"`{text}` has an empty value", out fault);
            if (Range().Match(part) is not { Success: true } range) values.Add(part);
            else if (Expand(range, values) is { } wrong) return Refuse(wrong, out fault);
            if (values.Count > Most) return Refuse($"`{text}` is more than {Most} values", out fault);
        }

        return values;
    }

    /// <summary>Parts between commas that stand in no brackets and no quotes, since a value may be YAML.</summary>
    private static List<string> Split(string text)
    {
        var (parts, depth, quote, from) = (new List<string>(), 0, '\0', 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'') quote = c;
            else if (c is '{' or '[') depth++;
            else if (c is '}' or ']') depth--;
            else if (c == ',' && depth == 0)
            {
                parts.Add(text[from..i].Trim());
                from = i + 1;
            }
        }

        parts.Add(text[from..].Trim());
        return parts;
    }

    private static string? Expand(Match range, List<string> values)
    {
        var (from, to) = (Number(range.Groups["from"]), Number(range.Groups["to"]));
        var step = range.Groups["step"].Success ? Number(range.Groups["step"]) : 1;
        var isFactor = range.Groups["how"].Value == "*";
        if (to < from) return $"`{range.Value}` goes down: write the lesser number first";
        if (isFactor ? step <= 1 || from <= 0 : step <= 0) return $"`{range.Value}` never arrives";
        for (var i = 0; i <= Most; i++)
        {
            if (from > to) return null;
            values.Add(from.ToString(CultureInfo.InvariantCulture) + range.Groups["unit"].Value);
            from = isFactor ? from * step : from + step;
        }

        return $"`{range.Value}` is more than {Most} values";
    }

    private static decimal Number(Group group) => decimal.Parse(group.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static IReadOnlyList<string>? Refuse(string reason, out string fault)
    {
        fault = reason;
        return null;
    }

    [GeneratedRegex(@"^(?<from>\d{1,12}(\.\d{1,6})?)\.\.(?<to>\d{1,12}(\.\d{1,6})?)((?<how>[+*])(?<step>\d{1,12}(\.\d{1,6})?))?(?<unit>[A-Za-z%]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
