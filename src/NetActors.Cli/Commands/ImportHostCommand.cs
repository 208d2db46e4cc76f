using System.CommandLine;
using System.Text;
using NetActors.Cli.Reports;
using NetActors.Cli.Running;
using NetActors.Lab.Importing;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors import-host DIR</c>.</summary>
internal static class ImportHostCommand
{
    private const string ScriptResource = "import-host/collect.sh";

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var directory = new Argument<string?>("DIR") { Description = "The directory that the script saved a host in.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--out") { Description = "Write the scenario there and the report to standard output; else the scenario, and the report to standard error.", HelpName = "FILE" };
        var script = new Option<bool>("--script") { Description = "Print the script that saves a host; it changes nothing there." };
        var command = new Command("import-host", "Make a scenario of a real host's cards, interrupts, CPUs and sysctls.") { directory, output, script };
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors import-host --script > collect.sh    then, as root on the host: sh collect.sh saved eth0",
                "netactors import-host saved --out host.yaml",
                "netactors import-host saved > host.yaml",
            ],
            next: ["netactors describe host.yaml    what came of it", "netactors explain host.yaml     with traffic of yours in place of the example"]);
        command.SetAction(result =>
        {
            if (result.GetValue(script)) return Print(context.Terminal);
            if (result.GetValue(directory) is not { } saved)
                throw CliException.Usage("netactors import-host: DIR is missing; `netactors import-host --script` prints what saves a host");
            UsageFault.RefuseOptions(result, [saved]);
            return Import(context.Terminal, saved, result.GetValue(output));
        });
        return command;
    }

    private static int Print(Terminal terminal)
    {
        using var stream = typeof(ImportHostCommand).Assembly.GetManifestResourceStream(ScriptResource)!;
        using var reader = new StreamReader(stream);
        terminal.Out.Write(reader.ReadToEnd());
        return ExitCode.Ok;
    }

    private static int Import(Terminal terminal, string saved, string? output)
    {
        var path = Path.Combine(terminal.Directory, saved);
        if (!Directory.Exists(path)) throw CliException.Usage($"{saved}: there is no such directory");
        var (host, notes) = Read(path);
        if (host is null) throw CliException.Usage([.. notes.Select(n => $"{n.Where}: {n.What}")]);
        if (output is null)
        {
            terminal.Out.Write(host.Yaml);
            terminal.Out.Flush();
            Report(terminal.Error, host);
            return ExitCode.Ok;
        }

        using (var file = OutputFile.Open("--out", output, []))
        {
            file.Write(Encoding.UTF8.GetBytes(host.Yaml));
        }

        Report(terminal.Out, host);
        return ExitCode.Ok;
    }

    private static (ImportedHost? Host, IReadOnlyList<ImportNote> Notes) Read(string path)
    {
        try
        {
            return HostImport.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{path}: cannot be read: {e.Message}");
        }
    }

    private static void Report(TextWriter writer, ImportedHost host)
    {
        writer.WriteLine($"{Figures.Of(host.Taken, "setting")} of {Figures.Of(host.Scenario.Hosts[0].Devices.Count, "card")} taken over; what was not:");
        foreach (var note in host.Notes) writer.WriteLine($"  {note.Where}: {note.What}");
        if (host.Notes.Count == 0) writer.WriteLine("  nothing");
    }
}
