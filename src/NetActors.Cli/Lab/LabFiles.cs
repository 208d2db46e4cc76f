using System.CommandLine;
using NetActors.Cli.Reports;
using NetActors.Cli.Running;
using NetActors.Lab.Pages;

namespace NetActors.Cli.Lab;

/// <summary>The files that a command of the laboratory writes: opened before it works, written when it is done.</summary>
internal sealed class LabFiles
{
    private const string StandardOutput = "-";
    private const int PlotSlices = 100;

    private readonly Option<string?> _json = Of("--json", "Write all figures as JSON; `-` is standard output, which then has nothing else.", "FILE|-");
    private readonly Option<string?> _csv = Of("--csv", "Write a row for each run as CSV; `-` is standard output.", "FILE|-");

    private readonly Option<string?> _html = Of("--html", "Write one page with the report and plots, which loads nothing.", "FILE");
    private readonly Option<string?> _svg = Of("--svg", "Write each plot as a picture of its own into a directory.", "DIR");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_csv);
        command.Options.Add(_html);
        command.Options.Add(_svg);
    }

    /// <summary>Stretches that a run is cut into: those of plots when there are any.</summary>
    public int Slices(ParseResult result) => result.GetValue(_html) is null && result.GetValue(_svg) is null ? 0 : PlotSlices;

    /// <summary>Opens what was asked for; ends the command when one cannot be written.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="read">Files that the command reads.</param>
    public OpenLabFiles Open(ParseResult result, IEnumerable<string> read)
    {
        var taken = read.Select(path => (path, "what is read")).ToList();
        var files = new OpenLabFiles();
        foreach (var option in new[] { _json, _csv, _html })
        {
            if (result.GetValue(option) is not { } path) continue;
            if (path == StandardOutput && option != _html)
            {
                if (files.OnOutput is not null) throw CliException.Usage("--json - and --csv - both want standard output: write one to a file");
                files.OnOutput = option.Name;
                continue;
            }

            files.Add(option.Name, path, OutputFile.Open(option.Name, path, taken));
            taken.Add((path, $"what {option.Name} writes"));
        }

        if (result.GetValue(_svg) is { } directory) files.Pictures = Made(directory);
        return files;
    }

    private static string Made(string directory)
    {
        try
        {
            return Directory.CreateDirectory(directory).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw CliException.Usage($"--svg: `{directory}` cannot be made: {e.Message}");
        }
    }

    private static Option<string?> Of(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}

/// <summary>The files of one command, open for writing.</summary>
internal sealed class OpenLabFiles : IDisposable
{
    private readonly Dictionary<string, (string Path, FileStream Stream)> _files = [];

    /// <summary>The option whose text goes to standard output; null when a report for people does.</summary>
    public string? OnOutput { get; set; }

    /// <summary>Directory of pictures; null when none are wanted.</summary>
    public string? Pictures { get; set; }

    /// <summary>Writes the page and the pictures that were asked for.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="report">Prints the report.</param>
    /// <param name="plots">Makes the plots.</param>
    /// <param name="terminal">The command's.</param>
    public void WritePage(string title, Action<Screen> report, Func<IReadOnlyList<Plot>> plots, Terminal terminal)
    {
        if (Pictures is null && !_files.ContainsKey("--html")) return;
        var pictures = plots();
        Write("--html", () => Page.Of(title, Printed(report), pictures), terminal);
        if (Pictures is null) return;
        try
        {
            foreach (var plot in pictures) File.WriteAllText(Path.Combine(Pictures, plot.Name + ".svg"), plot.Svg(isFile: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Failure($"--svg: {e.Message}");
        }
    }

    private static string Printed(Action<Screen> report)
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        report(new Screen(new Terminal { Out = text, Error = TextWriter.Null }));
        return text.ToString();
    }

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
