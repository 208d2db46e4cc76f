using System.CommandLine;
using System.Globalization;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Commands;

/// <summary>Options whose value is a whole number between limits.</summary>
internal static class WholeOption
{
    /// <summary>An option that takes a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int?> Of(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
            result.AddError($"{name} is a whole number from {least} to {most}, not `{Words.Cut(text)}`");
            return null;
        },
    };
}
