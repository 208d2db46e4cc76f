using System.Globalization;

namespace NetActors.Cli.Tests;

/// <summary>What a command line printed and answered.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    public string[] OutLines => Out.Split('\n');
}

/// <summary>Runs command lines in this process, in an empty directory of their own.</summary>
internal sealed class Cli : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("netactors-cli-").FullName;

    public static string CapturePath(string name) => Path.Combine(AppContext.BaseDirectory, "Captures", name);

    public string PathOf(string name) => Path.Combine(Directory, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public CliResult Run(params string[] args) => Run(args, CancellationToken.None);

    public CliResult Run(
        string[] args, CancellationToken cancellation, int width = Terminal.Unlimited, bool styles = false, Action<string>? watcher = null)
    {
        var (output, error) = (Writer(), new WatchedWriter(watcher));
        var terminal = new Terminal
        {
            Out = output,
            Error = TextWriter.Synchronized(error),
            Width = width,
            OutHasStyles = styles,
            IsWatched = watcher is not null,
            Directory = Directory,
        };
        var code = CommandLine.Run(args, terminal, cancellation);
        return new CliResult(code, output.ToString(), error.ToString());
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>A writer that tells of each text.</summary>
    private sealed class WatchedWriter(Action<string>? watcher) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override string NewLine => "\n";

        public override void Write(string? value)
        {
            base.Write(value);
            watcher?.Invoke(value ?? "");
        }
    }

    private static StringWriter Writer() => new(CultureInfo.InvariantCulture) { NewLine = "\n" };
}
