using System.Text;

namespace NetActors.Cli;

/// <summary>Where a command writes, and what can be shown there.</summary>
internal sealed class Terminal
{
    /// <summary>Width of what is not a terminal: nothing is cut or wrapped.</summary>
    public const int Unlimited = 100_000;

    private const int NarrowestUsable = 40;

    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Faults, logs and progress; several threads may write.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Characters in a line of <see cref="Out"/>.</summary>
    public int Width { get; init; } = Unlimited;

    /// <summary><see cref="Out"/> shows colours and bold letters.</summary>
    public bool OutHasStyles { get; init; }

    /// <summary>A person watches both writers, so that progress may be drawn.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Where the search for <c>config/scenarios</c> begins.</summary>
    public string Directory { get; init; } = ".";

    /// <summary>The process's own.</summary>
    public static Terminal OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var plain = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb"
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        return new Terminal
        {
            Out = Writer(Console.OpenStandardOutput()),
            Error = TextWriter.Synchronized(Console.Error),
            Width = isTerminal ? WindowWidth() : Unlimited,
            OutHasStyles = isTerminal && !plain,
            IsWatched = isTerminal && !Console.IsErrorRedirected && !plain,
            Directory = Environment.CurrentDirectory,
        };
    }

    private static StreamWriter Writer(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 32 * 1024) { NewLine = "\n" };

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? Math.Max(width, NarrowestUsable) : Unlimited;
        }
        catch (IOException)
        {
            return Unlimited; // a terminal that does not say how wide it is
        }
    }
}
