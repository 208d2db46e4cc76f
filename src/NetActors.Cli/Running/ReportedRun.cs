using System.CommandLine;
using System.Text;
using NetActors.Attach;
using NetActors.Cli.Captures;
using NetActors.Cli.Commands;
using NetActors.Cli.Logging;
using NetActors.Cli.Reports;
using NetActors.Observe;
using NetActors.Scenarios;

namespace NetActors.Cli.Running;

/// <summary>Runs a scenario and writes all that the user asked for: report, texts of /proc and tools, JSON, capture, connections over time.</summary>
internal sealed class ReportedRun(CommandContext context, OutputOptions options, ParseResult result)
{
    private readonly string? _json = options.Json(result);
    private readonly string? _pcap = options.Pcap(result);
    private readonly string? _tcpProbe = options.TcpProbe(result);
    private readonly string? _tcpPlot = options.TcpPlot(result);
    private readonly string? _tcpPlotOf = options.TcpPlotOf(result);
    private readonly IReadOnlyList<string> _show = options.Show(result);

    /// <summary>Runs it.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="settles">Goes on after the end until no packet is under way.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Execute(ScenarioFile scenario, bool settles = false)
    {
        var taken = scenario.Traffic.OfType<ReplaySettings>().Select(r => (r.File, "the capture that is replayed"))
            .Append((scenario.Source, "the scenario that is run")).ToList();
        using var json = _json is null or "-" ? null : OutputFile.Open("--json", _json, taken);
        if (json is not null) taken.Add((_json!, "what --json writes"));
        using var pcapFile = _pcap is null ? null : OutputFile.Open("--pcap", _pcap, taken);
        if (pcapFile is not null) taken.Add((_pcap!, "what --pcap writes"));
        using var probeFile = _tcpProbe is null ? null : OutputFile.Open("--tcp-probe", _tcpProbe, taken);
        if (probeFile is not null) taken.Add((_tcpProbe!, "what --tcp-probe writes"));
        using var picture = _tcpPlot is null ? null : new TcpPicture(_tcpPlot, _tcpPlotOf, [.. scenario.Hosts.Select(h => h.Name)], taken);
        using var probeText = probeFile is null ? null : new StreamWriter(probeFile, leaveOpen: true);
        var probe = probeText is null ? null : new TcpProbeCsv(probeText, [.. scenario.Hosts.Select(h => h.Name)]);
        using var pcap = pcapFile is null ? null : new PcapngWriter(pcapFile, leaveOpen: true);
        using var log = new LogSession(context.Terminal.Error, LogOptions.Level(result));
        using var captures = new ReplayOpener(scenario);
        var request = new RunRequest { Clock = options.Clock(result), Capture = pcap, TcpProbe = TcpProbes.Of(probe, picture?.Traces), Settles = settles };
        var outcome = new ScenarioRun(scenario, request, captures, log, context).Run();
        pcap?.Complete();
        probe?.Complete();
        if (_json == "-") WriteJson(outcome.Snapshot);
        else
        {
            var screen = new Screen(context.Terminal);
            RunReport.Write(screen, scenario, outcome, captures.Captures);
            ProcViews.Write(screen, outcome.Snapshot, _show);
        }

        context.Terminal.Out.Flush();
        if (json is not null) WriteJson(json, outcome.Snapshot);
        var verdict = RunVerdict.Of(scenario, outcome, captures.Captures, pcap?.Fault ?? default, _pcap, context.Terminal.Error);
        var probeFault = probe?.Fault is { } fault ? $"--tcp-probe: `{_tcpProbe}` is not whole: {fault}" : null;
        var pictureFault = picture?.Write();
        foreach (var text in new[] { probeFault, pictureFault }.OfType<string>()) context.Terminal.Error.WriteLine($"netactors: {text}");
        return probeFault is null && pictureFault is null ? verdict : ExitCode.Failure;
    }

    private void WriteJson(SimulationSnapshot snapshot)
    {
        using var bytes = new MemoryStream();
        ResultJson.Write(bytes, snapshot);
        context.Terminal.Out.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private void WriteJson(FileStream file, SimulationSnapshot snapshot)
    {
        try
        {
            ResultJson.Write(file, snapshot);
            file.Flush();
        }
        catch (IOException e)
        {
            throw CliException.Failure($"--json: `{_json}` cannot be written: {e.Message}");
        }
    }
}
