using System.CommandLine;
using NetActors.Cli.Reports;
using NetActors.Observe;

namespace NetActors.Cli.Commands;

/// <summary>The options of commands that run a scenario and report it.</summary>
internal sealed class OutputOptions
{
    private readonly Option<ClockKind?> _clock = Choice.Of(
        "--clock",
        "virtual: predicted by the cost model, reproducible (unless told); real: measured on this machine.",
        ("virtual", ClockKind.Virtual),
        ("real", ClockKind.Real));

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the whole result as JSON; `-` is standard output, which then has nothing else.",
        HelpName = "FILE|-",
    };

    private readonly Option<string?> _pcap = new("--pcap")
    {
        Description = "Write every frame of every device (or of those under report.capture) as pcapng, the CPU as a comment; what is dropped, with its reason, as of devices HOST/drops and WIRE/drops.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _tcpProbe = new("--tcp-probe")
    {
        Description = "Write cwnd, ssthresh, round trip, timeout, windows and flight of every TCP connection as CSV: a row for each segment that came, as it found the connection.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _tcpPlot = new("--tcp-plot")
    {
        Description = "Draw cwnd, ssthresh, flight and round trip of one TCP connection over time as SVG: of the one that sent most, or of --tcp-plot-of.",
        HelpName = "FILE.svg",
    };

    private readonly Option<string?> _tcpPlotOf = new("--tcp-plot-of")
    {
        Description = "Whose picture --tcp-plot draws: a part of `HOST LOCAL:PORT > PEER:PORT`; of several the one that sent most.",
        HelpName = "TEXT",
    };

    private readonly Option<string[]> _show = new("--show")
    {
        Description = $"Print texts of /proc and tools after the report: {string.Join(", ", ProcViews.Names)}; several with commas.",
        HelpName = "VIEW,...",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_clock);
        command.Options.Add(_json);
        command.Options.Add(_pcap);
        command.Options.Add(_tcpProbe);
        command.Options.Add(_tcpPlot);
        command.Options.Add(_tcpPlotOf);
        command.Options.Add(_show);
    }

    /// <summary>The clock asked for.</summary>
    public ClockKind Clock(ParseResult result) => result.GetValue(_clock) ?? ClockKind.Virtual;

    /// <summary>Where the JSON goes; null for nowhere, <c>-</c> for standard output.</summary>
    public string? Json(ParseResult result) => result.GetValue(_json);

    /// <summary>Where the capture goes; null for nowhere.</summary>
    public string? Pcap(ParseResult result) => result.GetValue(_pcap);

    /// <summary>Where TCP's connections over time go; null for nowhere.</summary>
    public string? TcpProbe(ParseResult result) => result.GetValue(_tcpProbe);

    /// <summary>Where the picture of a connection goes; null for nowhere.</summary>
    public string? TcpPlot(ParseResult result) => result.GetValue(_tcpPlot);

    /// <summary>Which connection it is of; null for the one that sends most.</summary>
    public string? TcpPlotOf(ParseResult result)
    {
        var wanted = result.GetValue(_tcpPlotOf);
        if (wanted is not null && TcpPlot(result) is null) throw CliException.Usage("--tcp-plot-of says whose picture --tcp-plot FILE.svg draws: give both");
        return wanted;
    }

    /// <summary>The texts asked for.</summary>
    public IReadOnlyList<string> Show(ParseResult result)
    {
        var views = ProcViews.Parse(result.GetValue(_show) ?? []);
        if (views.Count > 0 && Json(result) == "-")
            throw CliException.Usage("--show and --json - both want standard output: write the JSON to a file");
        return views;
    }
}
