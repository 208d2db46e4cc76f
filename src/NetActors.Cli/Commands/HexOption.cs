using System.CommandLine;
using System.Globalization;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Commands;

/// <summary>Options whose value is a number in hexadecimal, as traces print it.</summary>
internal static class HexOption
{
    /// <summary>An option that takes up to <paramref name="digits"/> hexadecimal digits, <c>0x</c> before them or not.</summary>
    public static Option<ulong?> Of(string name, string helpName, int digits, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            var number = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
            var isNumber = ulong.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
            if (isNumber && number.Length <= digits) return value;
            result.AddError($"{name} is a hexadecimal number of up to {digits} digits, as traces print it, not `{Words.Cut(text)}`");
            return null;
        },
    };
}
