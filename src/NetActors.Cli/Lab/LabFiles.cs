using System.CommandLine;
using NetActors.Cli.Running;

namespace NetActors.Cli.Lab;

/// <summary>The files that a command of the laboratory writes: opened before it works, written when it is done.</summary>
internal sealed class LabFiles
{
    private const string StandardOutput = "-";

    private readonly Option<string?> _json = Of("--json", "Write all figures as JSON; `-` is standard output, which then has nothing else.", "FILE|-");
    private readonly Option<string?> _csv = Of("--csv", "Write a row for each run as CSV; `-` is standard output.", "FILE|-");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_csv);
    }

    /// <summary>Opens what was asked for; ends the command when one cannot be written.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="read">Files that the command reads.</param>
    public OpenLabFiles Open(ParseResult result, IEnumerable<string> read)
    {
        var taken = read.Select(path => (path, "what is read")).ToList();
        var files = new OpenLabFiles();
        foreach (var option in new[] { _json, _csv })
        {
            if (result.GetValue(option) is not { } path) continue;
            if (path == StandardOutput)
            {
                if (files.OnOutput is not null) throw CliException.Usage("--json - and --csv - both want standard output: write one to a file");
                files.OnOutput = option.Name;
                continue;
            }

            files.Add(option.Name, path, OutputFile.Open(option.Name, path, taken));
            taken.Add((path, $"what {option.Name} writes"));
        }

        return files;
    }

    private static Option<string?> Of(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}

/// <summary>The files of one command, open for writing.</summary>
internal sealed class OpenLabFiles : IDisposable
{
    private readonly Dictionary<string, (string Path, FileStream Stream)> _files = [];

    /// <summary>The option whose text goes to standard output; null when a report for people does.</summary>
    public string? OnOutput { get; set; }

    /// <summary>Keeps a file until the command ends.</summary>
    public void Add(string option, string path, FileStream stream) => _files[option] = (path, stream);

    /// <summary>Writes the text of an option wherever it was asked for; makes it only then.</summary>
    public void Write(string option, Func<string> text, Terminal terminal)
    {
        if (OnOutput == option) terminal.Out.Write(text());
        if (!_files.TryGetValue(option, out var file)) return;
        try
        {
            using var writer = new StreamWriter(file.Stream, leaveOpen: true);
            writer.Write(text());
        }
        catch (IOException e)
        {
            throw CliException.Failure($"{option}: `{file.Path}` cannot be written: {e.Message}");
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var (_, stream) in _files.Values) stream.Dispose();
    }
}
