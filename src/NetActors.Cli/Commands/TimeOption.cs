using System.CommandLine;
using NetActors.Scenarios.Reading;
using NetActors.Time;

namespace NetActors.Cli.Commands;

/// <summary>Options whose value is a time with its unit, as in scenarios.</summary>
internal static class TimeOption
{
    private static readonly long Latest = KernelTime.FromSeconds(3600).Nanoseconds;

    /// <summary>An option that takes a time such as <c>50ms</c>.</summary>
    public static Option<KernelTime?> Of(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var read = Quantity.Time.Read(result.Tokens[^1].Value, 0, Latest);
            if (read.Fault is null) return new KernelTime(read.Value);
            result.AddError($"{name}: {read.Fault}" + (read.Suggestion is null ? "" : $"; did you mean `{read.Suggestion}`?"));
            return null;
        },
    };
}
