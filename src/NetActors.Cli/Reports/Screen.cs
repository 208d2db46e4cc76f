using Spectre.Console;
using Spectre.Console.Rendering;

namespace NetActors.Cli.Reports;

/// <summary>Standard output as a report sees it: headings stand out on a terminal; a pipe gets plain text of full width.</summary>
internal sealed class Screen
{
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private readonly Terminal _terminal;
    private readonly IAnsiConsole _console;

    public Screen(Terminal terminal)
    {
        _terminal = terminal;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.OutHasStyles ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal.OutHasStyles ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(terminal.Out),
        });
        _console.Profile.Capabilities.Unicode = true;
    }

    /// <summary>The writer, for text that is ready as it is.</summary>
    public TextWriter Writer => _terminal.Out;

    /// <summary>Prints a line.</summary>
    public void Line(string text = "") => _terminal.Out.WriteLine(text);

    /// <summary>Prints an empty line and a heading.</summary>
    public void Section(string heading)
    {
        Line();
        Heading(heading);
    }

    /// <summary>Prints a heading.</summary>
    public void Heading(string text)
    {
        if (!_terminal.OutHasStyles)
        {
            Line(text);
            return;
        }

        _console.Profile.Width = Terminal.Unlimited; // the terminal wraps lines itself
        _console.Write(new Text(text, Bold));
        _console.WriteLine();
    }

    /// <summary>Prints a table.</summary>
    public void Table(ColumnTable table)
    {
        foreach (var (text, isHeading) in table.Lines(_terminal.Width))
        {
            if (isHeading) Heading(text);
            else Line(text);
        }
    }

    /// <summary>Prints what Spectre draws, such as a tree.</summary>
    public void Draw(IRenderable drawing)
    {
        _console.Profile.Width = _terminal.Width;
        _console.Write(drawing);
    }
}
