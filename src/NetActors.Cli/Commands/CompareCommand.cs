using System.CommandLine;
using NetActors.Cli.Lab;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors compare A B</c>.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new CompareOptions();
        var command = new Command("compare", "Run scenarios, or variants of one, with the same seeds and show how they differ.");
        options.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors compare epoll-single epoll-reuseport",
                "netactors compare single-queue-host --set 'hosts.server.devices.eth0.queues-sysfs={rx-0: {rps_cpus: fe}}'",
                "netactors compare tcp-rr --with hosts.server.cpus=4 --with 'hosts.server.cpus=4; hosts.server.devices.eth0.queues=1' --seeds 10",
                "netactors compare FILE    a file of variants with published figures: config/comparisons/README.md",
            ],
            next:
            [
                "netactors sweep SCENARIO --set KEY=a,b,c    one key over many values",
                "netactors explain SCENARIO                  why a CPU is busy",
            ]);
        command.SetAction(result => new CompareAction(context, options, result).Execute());
        return command;
    }
}

/// <summary>The options of <c>compare</c>.</summary>
internal sealed class CompareOptions
{
    private readonly Argument<string[]> _scenarios = new("SCENARIO")
    {
        Description = "Scenarios, or one of which variants are compared, or a file of variants.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Override a key. With one scenario and no --with, each is a variant beside the scenario as it is; else it holds for all.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _with = new("--with")
    {
        Description = "A variant of the one scenario: overrides with `; ` between.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _seeds = WholeOption.Of("--seeds", "Seeds that each is run with; 5 unless told.", 1, 1000);

    private readonly Option<bool> _check = new("--check") { Description = "Answer 1 when a figure is further off what was published than the file allows." };

    /// <summary>What all commands of the laboratory have.</summary>
    public LabRunOptions Run { get; } = new();

    /// <summary>The files it writes.</summary>
    public LabFiles Files { get; } = new();

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_scenarios);
        foreach (var option in new Option[] { _set, _with, _seeds, _check }) command.Options.Add(option);
        Run.AddTo(command);
        Files.AddTo(command);
    }

    /// <summary>The scenarios named.</summary>
    public IReadOnlyList<string> Scenarios(ParseResult result) => result.GetRequiredValue(_scenarios);

    /// <summary>Overrides under --set.</summary>
    public IReadOnlyList<string> Set(ParseResult result) => result.GetValue(_set) ?? [];

    /// <summary>Variants under --with, as they were written.</summary>
    public IReadOnlyList<string> With(ParseResult result) => result.GetValue(_with) ?? [];

    /// <summary>How many seeds; null when not told.</summary>
    public int? Seeds(ParseResult result) => result.GetValue(_seeds);

    /// <summary>Figures that are off fail the command.</summary>
    public bool Checks(ParseResult result) => result.GetValue(_check);
}
