using System.Text;

namespace NetActors.Cli.Reports;

/// <summary>
/// Rows under headings, as Linux's tools print them: no frames, numbers to the right. Where the terminal is narrower than the table, it
/// is printed in several blocks of whole columns, each beginning with the first column, since wrapped cells cannot be read.
/// </summary>
internal sealed class ColumnTable(params string[] headings)
{
    private const int Gap = 2;
    private readonly bool[] _isText = new bool[headings.Length];
    private readonly List<string[]> _rows = [];

    /// <summary>Rows so far.</summary>
    public int Count => _rows.Count;

    /// <summary>These columns are text, which begins at the left.</summary>
    public ColumnTable Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) _isText[Array.IndexOf(headings, name)] = true;
        return this;
    }

    /// <summary>Adds a row of as many cells as there are headings.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != headings.Length) throw new ArgumentException("a cell for each heading", nameof(cells));
        _rows.Add(cells);
    }

    /// <summary>The lines, none wider than <paramref name="width"/> unless two columns already are.</summary>
    public IEnumerable<(string Text, bool IsHeading)> Lines(int width)
    {
        var widths = headings.Select((heading, i) => _rows.Select(row => row[i].Length).Append(heading.Length).Max()).ToArray();
        for (var from = 1; from < headings.Length || from == 1;)
        {
            var (to, used) = (from, widths[0]);
            while (to < headings.Length && (to == from || used + Gap + widths[to] <= width)) used += Gap + widths[to++];
            if (from > 1) yield return ("", false);
            yield return (Line(headings, widths, from, to), true);
            foreach (var row in _rows) yield return (Line(row, widths, from, to), false);
            from = Math.Max(to, from + 1);
        }
    }

    private string Line(string[] cells, int[] widths, int from, int to)
    {
        var line = new StringBuilder();
        Append(line, cells, widths, 0);
        for (var i = from; i < to; i++) Append(line.Append(' ', Gap), cells, widths, i);
        return line.ToString().TrimEnd();
    }

    private void Append(StringBuilder line, string[] cells, int[] widths, int i) =>
        line.Append(_isText[i] ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i]));
}
