using System.CommandLine;
using NetActors.Cli.Reports;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors list</c>.</summary>
internal static class ListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("list", "List the scenarios that can be named, with what each shows.");
        Help.Extend(
            command,
            context.Terminal,
            examples: ["netactors list"],
            next: ["netactors describe SCENARIO    what one builds", "netactors run SCENARIO         run it"]);
        command.SetAction(_ => List(context.Terminal));
        return command;
    }

    private static int List(Terminal terminal)
    {
        var library = new ScenarioLibrary(terminal);
        var table = new ColumnTable("scenario", "shows").Text("scenario", "shows");
        foreach (var name in library.Names)
        {
            var read = library.Read(name);
            var shows = read.Scenario?.Description ?? $"cannot be run: {Figures.Of(read.Faults.Count, "fault")}";
            table.Add(name, shows);
        }

        new Screen(terminal).Table(table);
        return ExitCode.Ok;
    }
}
