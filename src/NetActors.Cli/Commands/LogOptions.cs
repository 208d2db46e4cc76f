using System.CommandLine;
using Serilog.Events;

namespace NetActors.Cli.Commands;

/// <summary>How much is logged to standard error: warnings and above unless told.</summary>
internal static class LogOptions
{
    private const string VerboseName = "--verbose";
    private const string LevelName = "--log-level";

    /// <summary>Adds the options to all commands.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Options.Add(new Option<bool>(VerboseName, "-v")
        {
            Description = "Log what the program does, to standard error.",
            Recursive = true,
        });
        var level = Choice.Of(
            LevelName,
            "Log from this level on, to standard error; `warning` unless told.",
            ("verbose", LogEventLevel.Verbose),
            ("debug", LogEventLevel.Debug),
            ("information", LogEventLevel.Information),
            ("warning", LogEventLevel.Warning),
            ("error", LogEventLevel.Error),
            ("fatal", LogEventLevel.Fatal));
        level.Recursive = true;
        root.Options.Add(level);
    }

    /// <summary>The level that was asked for.</summary>
    public static LogEventLevel Level(ParseResult result) =>
        result.GetValue<LogEventLevel?>(LevelName) ?? (result.GetValue<bool>(VerboseName) ? LogEventLevel.Debug : LogEventLevel.Warning);
}
