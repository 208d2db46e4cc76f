using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NetActors.Cli.Commands;

/// <summary><c>--help</c>: the options, then examples and what to try next.</summary>
internal static class Help
{
    /// <summary>Adds examples and next steps below the help of <paramref name="command"/>.</summary>
    public static void Extend(Command command, Terminal terminal, IReadOnlyList<string> examples, IReadOnlyList<string> next)
    {
        var option = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (option is null) command.Options.Add(option = new HelpOption());
        if (option.Action is not HelpAction action) return;
        action.MaxWidth = terminal.Width;
        option.Action = new ExtendedHelp(action, examples, next);
    }

    /// <summary>Prints the help of a command.</summary>
    public static int Show(Command command, Terminal terminal) =>
        command.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error });

    /// <summary><c>--help</c> stands among the words, so that it is answered whatever else is wrong.</summary>
    public static bool IsAskedFor(ParseResult result) => result.Action is ExtendedHelp;

    private sealed class ExtendedHelp(HelpAction help, IReadOnlyList<string> examples, IReadOnlyList<string> next)
        : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            var writer = parseResult.InvocationConfiguration.Output;
            Write(writer, "Examples:", examples);
            Write(writer, "Then try:", next);
            return code;
        }

        private static void Write(TextWriter writer, string title, IReadOnlyList<string> lines)
        {
            writer.WriteLine(title);
            foreach (var line in lines) writer.WriteLine("  " + line);
            writer.WriteLine();
        }
    }
}
