using System.Globalization;

namespace NetActors.Observe;

/// <summary>
/// <c>netstat -s</c> as net-tools 2.10 prints it. Like net-tools it reads the texts of /proc/net/snmp and /proc/net/netstat, so that it
/// shows what they show.
/// </summary>
public static class NetstatStatistics
{
    private const int Indent = 4;
    private const int HistogramIndent = 8;
    private static readonly string[] KnownGroups = ["Ip", "Icmp", "Tcp", "Udp", "TcpExt"];

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter writer, HostSnapshot host, KernelVersion kernel = KernelVersion.V6)
    {
        using var proc = new StringWriter(CultureInfo.InvariantCulture);
        ProcNetSnmp.Write(proc, host, kernel);
        ProcNetNetstat.Write(proc, host, kernel);
        var lines = proc.ToString().Split('\n');
        var state = new State();
        for (var i = 0; i + 1 < lines.Length; i += 2) WriteGroup(writer, lines[i], lines[i + 1], ref state);
    }

    private static void WriteGroup(TextWriter writer, string names, string values, ref State state)
    {
        var group = names[..names.IndexOf(':', StringComparison.Ordinal)];
        writer.Write($"{group}:\n");
        if (KnownGroups.Contains(group)) state = new State(); // a group it does not know keeps the last one's indent
        var (words, numbers) = (names.Split(' '), values.Split(' '));
        for (var i = 1; i < words.Length; i++) WriteCounter(writer, group, words[i], numbers[i], ref state);
    }

    private static void WriteCounter(TextWriter writer, string group, string name, string value, ref State state)
    {
        var isZero = value == "0";
        if (NetstatWords.Of(group, name) is not { } word)
        {
            if (!isZero) writer.Write($"{new string(' ', state.Indent)}{name}: {value}\n");
            return;
        }

        if (word.Line == NetstatLine.Never) return;
        var title = word.Line == NetstatLine.Histogram ? name.StartsWith("In", StringComparison.Ordinal) ? "input" : "output" : "";
        var indent = title.Length > 0 ? HistogramIndent : Indent;
        if (title.Length > 0 && title != state.Title) writer.Write($"{new string(' ', state.Indent)}ICMP {title} histogram:\n");
        state = new State(indent, title);
        if (isZero && word.Line != NetstatLine.Always) return;
        writer.Write($"{new string(' ', indent)}{word.Text.Replace("{0}", value, StringComparison.Ordinal)}\n");
    }

    /// <summary>Where the last line stood, which decides on the next.</summary>
    private readonly record struct State(int Indent, string Title)
    {
        public State()
            : this(NetstatStatistics.Indent, "")
        {
        }
    }
}
