using System.Globalization;
using NetActors.Cli.Tracing;
using NetActors.Tcp;

namespace NetActors.Cli.Reports;

/// <summary>Prints the way of a connection's two ends through the states, and where they are in the diagram of RFC 9293 (figure 5).</summary>
internal static class StateDiagram
{
    private const int CellWidth = 26;
    private const TcpState None = 0;

    // Rows of states with the lines between them: left who is passive or closes first, right who is active or closes last.
    private static readonly (TcpState[] States, (int Column, string Text)[] Below)[] Rows =
    [
        ([None, TcpState.Close, None], [(11, "passive OPEN /"), (53, "\\ active OPEN")]),
        ([TcpState.Listen, None, TcpState.SynSent], [(12, "| rcv SYN"), (46, "/ rcv SYN"), (64, "| rcv SYN,ACK")]),
        ([TcpState.SynRecv, None, None], [(19, "\\ rcv ACK of SYN"), (58, "/")]),
        ([None, TcpState.Established, None], [(19, "CLOSE /"), (53, "\\ rcv FIN")]),
        ([TcpState.FinWait1, None, TcpState.CloseWait], [(12, "| rcv ACK of FIN"), (30, "\\ rcv FIN"), (64, "| CLOSE")]),
        ([TcpState.FinWait2, TcpState.Closing, TcpState.LastAck], [(12, "| rcv FIN"), (30, "/ rcv ACK of FIN"), (64, "| rcv ACK of FIN")]),
        ([TcpState.TimeWait, None, TcpState.Close], []),
    ];

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="steps">In the order of time; TIME_WAIT is said.</param>
    /// <param name="hosts">Names of the hosts by index.</param>
    public static void Write(TextWriter writer, IReadOnlyList<StateStep> steps, Func<int, string> hosts)
    {
        var active = steps[0];
        var ends = new[] { (active.Host, active.Port), (PassiveHost(steps), active.PeerPort) };
        var (left, right) = (Title(hosts(ends[0].Item1), ends[0].Item2), Title(hosts(ends[1].Item1), ends[1].Item2));
        var width = Math.Max(16, Math.Max(left.Length, right.Length) + 2);
        writer.Write($"{"",-4}{"time",-14}{left.PadRight(width)}{right.PadRight(width)}why\n");
        for (var i = 0; i < steps.Count; i++)
        {
            var (step, name) = (steps[i], StateEdges.Name(steps[i].New));
            var cells = step.Port == active.Port ? name.PadRight(2 * width) : new string(' ', width) + name.PadRight(width);
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1,3} {step.Time.Nanoseconds / 1_000_000_000}.{step.Time.Nanoseconds % 1_000_000_000:000000000}   {cells}{StateEdges.Of(step.Old, step.New)}\n"));
        }

        writer.Write($"\nRFC 9293 figure 5, with the steps in brackets ({left} first, then {right}):\n\n");
        foreach (var (states, below) in Rows)
        {
            writer.Write(string.Concat(states.Select((state, column) => Cell(state, column, steps, active.Port))).TrimEnd() + "\n");
            var line = below.Aggregate("", (text, mark) => text.PadRight(mark.Column) + mark.Text);
            if (line.Length > 0) writer.Write(line + "\n");
        }
    }

    private static string Cell(TcpState state, int column, IReadOnlyList<StateStep> steps, int activePort)
    {
        if (state == None) return new string(' ', CellWidth);
        var ours = Numbers(state, column, steps, step => step.Port == activePort);
        var theirs = Numbers(state, column, steps, step => step.Port != activePort);
        var text = StateEdges.Name(state) + (ours.Length + theirs.Length == 0 ? "" : $" [{ours}|{theirs}]");
        return (new string(' ', Math.Max(0, (CellWidth - text.Length) / 2)) + text).PadRight(CellWidth);
    }

    /// <summary>CLOSED stands in two places: where a walk begins, and where it ends.</summary>
    private static string Numbers(TcpState state, int column, IReadOnlyList<StateStep> steps, Func<StateStep, bool> isEnd)
    {
        if (state == TcpState.Close && column == 1) return "";
        var found = new List<string>();
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].New == state && isEnd(steps[i])) found.Add((i + 1).ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(',', found);
    }

    private static int PassiveHost(IReadOnlyList<StateStep> steps)
    {
        var active = steps[0];
        foreach (var step in steps)
        {
            if (step.Port != active.Port) return step.Host;
        }

        return active.Host;
    }

    private static string Title(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
}
