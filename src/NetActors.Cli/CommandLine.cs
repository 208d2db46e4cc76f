using System.CommandLine;
using NetActors.Cli.Commands;

namespace NetActors.Cli;

/// <summary>The whole program as a call: what a test and <c>Main</c> run.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after <c>netactors</c>.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="cancellation">Cancelled by the first Ctrl-C: the run ends early and still prints its result.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        try
        {
            var code = Invoke(args, terminal, cancellation);
            terminal.Out.Flush();
            return code;
        }
        catch (CliException fault)
        {
            terminal.Out.Flush();
            foreach (var line in fault.Lines) terminal.Error.WriteLine(line);
            return fault.ExitCode;
        }
        catch (IOException e)
        {
            terminal.Error.WriteLine($"netactors: standard output cannot be written: {e.Message}");
            return ExitCode.Failure;
        }
#pragma warning disable CA1031 // the end of the line: what arrives here is our own bug, and says so
        catch (Exception e)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine($"netactors: this is a fault of the program, please report it: {e}");
            return ExitCode.Failure;
        }
    }

    private static int Invoke(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        var root = Root(new CommandContext(terminal, cancellation));
        var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0 && !Help.IsAskedFor(result)) throw UsageFault.Of(result);
        return result.Invoke(new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand("Emulates the Linux network stack of multi-core hosts and shows what each CPU did, in Linux's words.")
        {
            RunCommand.Create(context),
            ReplayCommand.Create(context),
            CompareCommand.Create(context),
            SweepCommand.Create(context),
            ExplainCommand.Create(context),
            AdviseCommand.Create(context),
            ImportHostCommand.Create(context),
            TraceCommand.Create(context),
            StatesCommand.Create(context),
            SyscallsCommand.Create(context),
            DescribeCommand.Create(context),
            ScriptCommand.Create(context),
            ListCommand.Create(context),
        };
        root.HelpName = "netactors";
        LogOptions.AddTo(root);
        Help.Extend(
            root,
            context.Terminal,
            examples:
            [
                "netactors run rss-udp-flood",
                "netactors run rss-udp-flood --set hosts.server.devices.eth0.queues=8 --show softnet_stat,interrupts",
                "netactors trace udp-echo",
            ],
            next:
            [
                "netactors list                 the scenarios that come with it",
                "netactors COMMAND --help       the options of a command",
            ]);
        root.SetAction(result => Help.Show(root, context.Terminal));
        return root;
    }
}
