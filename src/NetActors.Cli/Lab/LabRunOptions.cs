using System.CommandLine;
using NetActors.Cli.Commands;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Lab;

/// <summary>The options that all commands of the laboratory have.</summary>
internal sealed class LabRunOptions
{
    private readonly Option<string?> _seed = new("--seed") { Description = "First seed; the scenario's unless told.", HelpName = "N" };

    private readonly Option<string?> _duration = new("--duration") { Description = "How long each run is, such as 50ms.", HelpName = "TIME" };

    private readonly Option<string?> _host = new("--host") { Description = "The host to study; unless told, the one with a server.", HelpName = "NAME" };

    private readonly Option<int?> _jobs = WholeOption.Of("--jobs", "Runs at once; a core each unless told.", 1, 1024);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_seed);
        command.Options.Add(_duration);
        command.Options.Add(_host);
        command.Options.Add(_jobs);
    }

    /// <summary>The host asked for; null to choose one.</summary>
    public string? Host(ParseResult result) => result.GetValue(_host);

    /// <summary>The first seed asked for; null for the scenario's.</summary>
    public ulong? Seed(ParseResult result)
    {
        if (result.GetValue(_seed) is not { } text) return null;
        return ulong.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw CliException.Usage($"--seed: `{Words.Cut(text)}` is no whole number of 64 bits");
    }

    /// <summary>Overrides that the options stand for.</summary>
    public IReadOnlyList<string> Overrides(ParseResult result) => result.GetValue(_duration) is { } duration ? [$"duration={duration}"] : [];

    /// <summary>Threads to use.</summary>
    public int Jobs(ParseResult result) => result.GetValue(_jobs) ?? Environment.ProcessorCount;
}
