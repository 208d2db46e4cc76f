using System.CommandLine;
using NetActors.Cli.Lab;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors calibrate</c>.</summary>
internal static class CalibrateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new CalibrateOptions();
        var command = new Command("calibrate", "Fit the costs of a profile to rows that you measured.");
        options.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors calibrate --profile intel8-2010 --rows calibration-1-rps",
                "netactors calibrate --profile bdw6-2018 --rows mine.yaml --fit RxDescriptor --fit 'IdleExit:0.5..4' --out mine-costs.yaml",
            ],
            next:
            [
                "netactors compare ROWS --set cost-model=FILE    the rows with the new costs",
                "config/comparisons/README.md                    how rows are written: variants with `published`, `within` and `fit`",
            ]);
        command.SetAction(result => new CalibrateAction(context, options, result).Execute());
        return command;
    }
}

/// <summary>The options of <c>calibrate</c>.</summary>
internal sealed class CalibrateOptions
{
    private readonly Option<string> _profile = new("--profile")
    {
        Description = "The cost model to begin from: a name, or the path of a .yaml file.",
        HelpName = "NAME",
        Required = true,
    };

    private readonly Option<string[]> _rows = new("--rows")
    {
        Description = "What was measured: a file of variants with published figures, as `compare` takes it. Several are fitted together.",
        HelpName = "FILE",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _fit = new("--fit")
    {
        Description = "Operations to fit, joined by + when they change together, with bounds as factors; the rows' own `fit` unless told.",
        HelpName = "OP[+OP][:LO..HI]",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _iterations = WholeOption.Of("--iterations", "Most iterations; 8 unless told.", 0, 1000);

    private readonly Option<string?> _out = new("--out") { Description = "Write the fitted profile here; else it is printed.", HelpName = "FILE" };

    /// <summary>What all commands of the laboratory have.</summary>
    public LabRunOptions Run { get; } = new();

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _profile, _rows, _fit, _iterations, _out }) command.Options.Add(option);
        Run.AddTo(command);
    }

    /// <summary>What is fitted.</summary>
    public string Profile(ParseResult result) => result.GetRequiredValue(_profile);

    /// <summary>Files of rows.</summary>
    public IReadOnlyList<string> Rows(ParseResult result) => result.GetRequiredValue(_rows);

    /// <summary>Groups under --fit.</summary>
    public IReadOnlyList<string> Fit(ParseResult result) => result.GetValue(_fit) ?? [];

    /// <summary>Most iterations.</summary>
    public int Iterations(ParseResult result) => result.GetValue(_iterations) ?? 8;

    /// <summary>The file to write; null for standard output.</summary>
    public string? Out(ParseResult result) => result.GetValue(_out);
}
