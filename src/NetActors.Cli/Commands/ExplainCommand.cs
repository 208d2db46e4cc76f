using System.CommandLine;
using NetActors.Cli.Lab;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors explain SCENARIO</c>.</summary>
internal static class ExplainCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new ExplainOptions();
        var command = new Command("explain", "Say why a host's CPUs are busy, what limits it, and which knob helps, each tried by simulation.");
        options.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors explain single-queue-host",
                "netactors explain memcached --set hosts.client.tasks.mutilate.rate=900kpps",
                "netactors explain tcp-rr --host client --no-trials",
            ],
            next:
            [
                "netactors advise SCENARIO --goal p99       search all settings for a goal",
                "netactors compare SCENARIO --set KEY=VALUE    one of the knobs, with confidence",
            ]);
        command.SetAction(result => new ExplainAction(context, options, result).Execute());
        return command;
    }
}

/// <summary>The options of <c>explain</c>.</summary>
internal sealed class ExplainOptions
{
    private readonly Argument<string> _scenario = ScenarioOptions.Scenario();

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Override a key of the scenario; may be given again.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _noTrials = new("--no-trials") { Description = "Name what limits without trying any knob." };

    private readonly Option<int?> _top = WholeOption.Of("--top", "Operations listed for each CPU; 5 unless told.", 1, 100);

    /// <summary>What all commands of the laboratory have.</summary>
    public LabRunOptions Run { get; } = new();

    /// <summary>The files it writes.</summary>
    public LabFiles Files { get; } = new();

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_scenario);
        foreach (var option in new Option[] { _set, _noTrials, _top }) command.Options.Add(option);
        Run.AddTo(command);
        Files.AddTo(command);
    }

    /// <summary>The scenario.</summary>
    public string Scenario(ParseResult result) => result.GetRequiredValue(_scenario);

    /// <summary>Overrides.</summary>
    public IReadOnlyList<string> Set(ParseResult result) => result.GetValue(_set) ?? [];

    /// <summary>Knobs are tried.</summary>
    public bool Trials(ParseResult result) => !result.GetValue(_noTrials);

    /// <summary>Operations listed for each CPU.</summary>
    public int Top(ParseResult result) => result.GetValue(_top) ?? 5;
}
