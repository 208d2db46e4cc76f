using System.CommandLine;
using NetActors.Cli.Lab;
using NetActors.Lab.Advising;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors advise SCENARIO --goal p99</c>.</summary>
internal static class AdviseCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new AdviseOptions();
        var command = new Command("advise", "Search steering and coalescing settings of a host for a goal, and print them as commands.");
        options.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors advise single-queue-host --goal throughput",
                "netactors advise memcached --goal p99 --load 400kpps",
                "netactors advise memcached --goal core_us --load hosts.client.tasks.mutilate.rate=400kpps --runs 60",
            ],
            next:
            [
                "netactors compare SCENARIO --with 'KEY=VALUE; KEY=VALUE' --seeds 10    the advice, with confidence",
                "What it tries, card by card: queues, CPUs of interrupts, RPS and RFS, coalescing, deferral, GRO, ring; then backlog and budget.",
            ]);
        command.SetAction(result => new AdviseAction(context, options, result).Execute());
        return command;
    }
}

/// <summary>The options of <c>advise</c>.</summary>
internal sealed class AdviseOptions
{
    private readonly Argument<string> _scenario = ScenarioOptions.Scenario();

    private readonly Option<Goal?> _goal = GoalOption();

    private readonly Option<string?> _load = new("--load")
    {
        Description = "How much is asked: a rate for the one source that has one, or KEY=VALUE.",
        HelpName = "RATE|KEY=VALUE",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Override a key of the scenario; may be given again.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _runs = WholeOption.Of("--runs", "Runs to make at most; 150 unless told.", 1, 100_000);

    /// <summary>What all commands of the laboratory have.</summary>
    public LabRunOptions Run { get; } = new();

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_scenario);
        foreach (var option in new Option[] { _goal, _load, _set, _runs }) command.Options.Add(option);
        Run.AddTo(command);
    }

    /// <summary>The scenario.</summary>
    public string Scenario(ParseResult result) => result.GetRequiredValue(_scenario);

    /// <summary>What is searched for; null when not told.</summary>
    public Goal? Goal(ParseResult result) => result.GetValue(_goal);

    /// <summary>The load; null for the scenario's.</summary>
    public string? Load(ParseResult result) => result.GetValue(_load);

    /// <summary>Overrides.</summary>
    public IReadOnlyList<string> Set(ParseResult result) => result.GetValue(_set) ?? [];

    /// <summary>Runs to make at most.</summary>
    public int Runs(ParseResult result) => result.GetValue(_runs) ?? 150;

    private static Option<Goal?> GoalOption() => new("--goal")
    {
        Description = $"The figure that is to be better: {string.Join(", ", NetActors.Lab.Advising.Goal.All.Select(m => m.Key))}.",
        HelpName = "FIGURE",
        CustomParser = result =>
        {
            var (text, names) = (result.Tokens[^1].Value, NetActors.Lab.Advising.Goal.All.Select(m => m.Key).ToList());
            var metric = NetActors.Lab.Advising.Goal.All.FirstOrDefault(m => m.Key == text);
            if (metric is not null) return new Goal(metric);
            var near = NetActors.Scenarios.Reading.NearestName.Of(text, names);
            result.AddError($"--goal is {NetActors.Scenarios.Reading.Words.Or(names)}, not `{NetActors.Scenarios.Reading.Words.Cut(text)}`" + (near is null ? "" : $"; did you mean `{near}`?"));
            return null;
        },
    };
}
