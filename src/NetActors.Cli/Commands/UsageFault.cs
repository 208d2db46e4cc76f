using System.CommandLine;
using System.CommandLine.Parsing;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Commands;

/// <summary>One clear sentence for a command line that cannot be understood.</summary>
internal static class UsageFault
{
    /// <summary>The first fault, since the others mostly follow from it.</summary>
    public static CliException Of(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var path = PathOf(result.CommandResult);
        return CliException.Usage($"{path}: {Message(result, command)}", $"Try `{path} --help`.");
    }

    /// <summary>Ends the command when a name begins as an option does: arguments take any word that nobody else wants.</summary>
    public static void RefuseOptions(ParseResult result, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (!name.StartsWith('-')) continue;
            var near = NearestName.Of(name.Split('=')[0], Options(result.CommandResult));
            var path = PathOf(result.CommandResult);
            throw CliException.Usage($"{path}: there is no option `{Words.Cut(name)}`" + (near is null ? "" : $"; did you mean `{near}`?"), $"Try `{path} --help`.");
        }
    }

    private static string Message(ParseResult result, Command command)
    {
        if (result.UnmatchedTokens is [var word, ..])
        {
            var isOption = word.StartsWith('-');
            var isName = isOption || command.Subcommands.Count == 0;
            var names = isName ? Options(result.CommandResult) : command.Subcommands.Select(c => c.Name);
            var near = NearestName.Of(word.Split('=')[0], names);
            var what = isOption ? "there is no option" : command.Subcommands.Count > 0 ? "there is no command" : "one word too many:";
            return $"{what} `{word}`" + (near is null ? "" : $"; did you mean `{near}`?");
        }

        var error = result.Errors[0];
        if (error.SymbolResult is ArgumentResult { Argument: var argument, Tokens.Count: 0 })
            return $"{argument.HelpName ?? argument.Name.ToUpperInvariant()} is missing";
        if (error.SymbolResult is OptionResult { Option: var option, Tokens.Count: 0 })
            return $"{option.Name} needs {(option.HelpName is { } name ? "a value: " + name : "a value")}";
        return error.Message.TrimEnd('.');
    }

    private static IEnumerable<string> Options(CommandResult result)
    {
        for (SymbolResult? level = result; level is not null; level = level.Parent)
        {
            if (level is not CommandResult { Command: var command }) continue;
            foreach (var option in command.Options)
            {
                if (level == result || option.Recursive) yield return option.Name;
            }
        }
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "netactors";
}
