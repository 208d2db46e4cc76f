using System.CommandLine;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Commands;

/// <summary>Options whose value is one of a few words.</summary>
internal static class Choice
{
    /// <summary>An option that takes one of <paramref name="words"/>, refusing others with the nearest of them.</summary>
    public static Option<T?> Of<T>(string name, string description, params (string Word, T Value)[] words) where T : struct =>
        new(name)
        {
            Description = description,
            HelpName = string.Join('|', words.Select(w => w.Word)),
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                foreach (var (word, value) in words)
                {
                    if (word == text) return value;
                }

                var near = NearestName.Of(text, words.Select(w => w.Word));
                result.AddError($"{name} is {Words.Or(words.Select(w => w.Word))}, not `{Words.Cut(text)}`"
                    + (near is null ? "" : $"; did you mean `{near}`?"));
                return null;
            },
        };
}
