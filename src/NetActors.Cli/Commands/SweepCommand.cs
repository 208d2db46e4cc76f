using System.CommandLine;
using NetActors.Cli.Lab;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors sweep SCENARIO</c>.</summary>
internal static class SweepCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new SweepOptions();
        var command = new Command("sweep", "Run a scenario for many values of its keys, a core each, keeping what is done.");
        options.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors sweep rss-udp-flood --set hosts.server.devices.eth0.queues=1..8",
                "netactors sweep single-queue-host --set traffic.flood.rate=500..4000+500kpps --set 'hosts.server.devices.eth0.queues-sysfs={},{rx-0: {rps_cpus: fe}}'",
                "netactors sweep tcp-rr --set hosts.client.tasks.asker.connections=1..64*2 --seeds 3 --out rr --csv rr.csv",
                "A value with a comma of its own stands in quotes: --set 'hosts.server.tasks.web.cpus=\"4-7\",\"0-3,6\"'",
            ],
            next:
            [
                "netactors compare SCENARIO --set KEY=VALUE    two settings, with confidence",
                "netactors explain SCENARIO                    why a CPU is busy",
            ]);
        command.SetAction(result => new SweepAction(context, options, result).Execute());
        return command;
    }
}

/// <summary>The options of <c>sweep</c>.</summary>
internal sealed class SweepOptions
{
    private readonly Argument<string> _scenario = ScenarioOptions.Scenario();

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "A key and its values: a,b,c or 1..8 or 1..64*2 or 100..1000+100kpps; every key with every other. One value alone overrides.",
        HelpName = "KEY=VALUES",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _together = new("--together") { Description = "All keys take their first values, then their second, ...: a list instead of a grid." };

    private readonly Option<int?> _seeds = WholeOption.Of("--seeds", "Seeds that each point is run with; 1 unless told.", 1, 1000);

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Directory that keeps finished runs; the same command goes on there. SCENARIO.sweep unless told.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _show = new("--show")
    {
        Description = "Figures of the table, as CSV calls them; several with commas. CSV and JSON have all.",
        HelpName = "FIGURE,...",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>What all commands of the laboratory have.</summary>
    public LabRunOptions Run { get; } = new();

    /// <summary>The files it writes.</summary>
    public LabFiles Files { get; } = new();

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_scenario);
        foreach (var option in new Option[] { _set, _together, _seeds, _out, _show }) command.Options.Add(option);
        Run.AddTo(command);
        Files.AddTo(command);
    }

    /// <summary>The scenario.</summary>
    public string Scenario(ParseResult result) => result.GetRequiredValue(_scenario);

    /// <summary>Keys with their values.</summary>
    public IReadOnlyList<string> Set(ParseResult result) => result.GetValue(_set) ?? [];

    /// <summary>A list instead of a grid.</summary>
    public bool Together(ParseResult result) => result.GetValue(_together);

    /// <summary>Seeds of each point.</summary>
    public int Seeds(ParseResult result) => result.GetValue(_seeds) ?? 1;

    /// <summary>The directory; null when not told.</summary>
    public string? Out(ParseResult result) => result.GetValue(_out);

    /// <summary>Figures of the table; empty when not told.</summary>
    public IReadOnlyList<string> Show(ParseResult result) => [.. (result.GetValue(_show) ?? []).SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
