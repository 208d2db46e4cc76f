using System.CommandLine;
using NetActors.Cli.Reports;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors describe SCENARIO</c>.</summary>
internal static class DescribeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var scenario = ScenarioOptions.Scenario();
        var changes = new ScenarioOptions();
        const string Does = "Show what a scenario builds: hosts, CPUs, devices, wires, traffic, programs and costs.";
        var command = new Command("describe", Does) { scenario };
        changes.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples: ["netactors describe rss-udp-flood", "netactors describe rss-udp-flood --set hosts.server.cpus=4"],
            next: ["netactors run SCENARIO                  run it", "netactors run SCENARIO --set KEY=VALUE  run it with another knob"]);
        command.SetAction(result =>
        {
            var library = new ScenarioLibrary(context.Terminal);
            var read = changes.Read(result, overrides => library.Read(result.GetRequiredValue(scenario), overrides));
            ScenarioTree.Write(new Screen(context.Terminal), read);
            return ExitCode.Ok;
        });
        return command;
    }
}
