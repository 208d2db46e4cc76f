using System.CommandLine;
using NetActors.Scenarios;

namespace NetActors.Cli.Commands;

/// <summary>The options that change a scenario before it is checked.</summary>
internal sealed class ScenarioOptions
{
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Override a key of the scenario, such as hosts.server.devices.eth0.queues=8; may be given again.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _seed = new("--seed") { Description = "Seed of all randomness.", HelpName = "N" };

    private readonly Option<string?> _duration = new("--duration")
    {
        Description = "How long to simulate, such as 50ms.",
        HelpName = "TIME",
    };

    /// <summary>The scenario to work on.</summary>
    public static Argument<string> Scenario() =>
        new("SCENARIO") { Description = "A scenario file, or the name of one that `netactors list` shows." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_set);
        command.Options.Add(_seed);
        command.Options.Add(_duration);
    }

    /// <summary>A duration was given.</summary>
    public bool HasDuration(ParseResult result) => result.GetValue(_duration) is not null;

    /// <summary>Reads the scenario with its overrides. Ends the command with all faults when there are any.</summary>
    public ScenarioFile Read(ParseResult result, Func<IReadOnlyList<string>, ScenarioResult> read)
    {
        var overrides = new List<string>(result.GetValue(_set) ?? []);
        var (seed, duration) = (result.GetValue(_seed), result.GetValue(_duration));
        if (seed is not null) overrides.Add($"seed={seed}");
        if (duration is not null) overrides.Add($"duration={duration}");
        var outcome = read(overrides);
        return outcome.Scenario ?? throw CliException.Usage([.. outcome.Faults.Select(Words)]);

        // the reader knows one kind of option; the user wrote the short form
        string Words(ScenarioFault fault)
        {
            if (seed is not null && fault.File == $"--set seed={seed}") fault = fault with { File = $"--seed {seed}" };
            if (duration is not null && fault.File == $"--set duration={duration}") fault = fault with { File = $"--duration {duration}" };
            return fault.ToString();
        }
    }
}
