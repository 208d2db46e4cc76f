using System.CommandLine;
using System.Globalization;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Cli.Commands;

/// <summary>The options that choose what is traced.</summary>
internal sealed class TraceOptions
{
    private const int LinesUnlessTold = 1000;
    private const int TimelineUnlessTold = 500_000;
    private const int MostEvents = 20_000_000;

    private readonly Option<ulong?> _packet =
        HexOption.Of("--packet", "ID", 16, "Only this packet: the number that traces print after skbaddr=.");
    private readonly Option<ulong?> _flow = HexOption.Of("--flow", "HASH", 8, "Only packets of this flow: the number after hash=.");

    private readonly Option<string[]> _points = new("--point")
    {
        Description = "Only these trace points, such as 'irq*' or napi_poll; may be given again.",
        HelpName = "GLOB",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<KernelTime?> _from = TimeOption.Of("--from", "Only events from this time on, such as 1ms.");
    private readonly Option<KernelTime?> _to = TimeOption.Of("--to", "Only events up to this time.");

    private readonly Option<string?> _limit = new("--limit")
    {
        Description = $"Stop after so many events; {LinesUnlessTold} unless told, {TimelineUnlessTold} with --perfetto.",
        HelpName = "N",
    };

    private readonly Option<string?> _perfetto = new("--perfetto")
    {
        Description = "Write a timeline that ui.perfetto.dev opens instead of text: of everything, unless packets or points are chosen.",
        HelpName = "FILE",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_packet, _flow, _points, _from, _to, _limit, _perfetto]) command.Options.Add(option);
    }

    /// <summary>The timeline's file; null for text.</summary>
    public string? Perfetto(ParseResult result) => result.GetValue(_perfetto);

    /// <summary>Neither packets nor points were chosen.</summary>
    public bool IsOpen(ParseResult result) =>
        result.GetValue(_packet) is null && result.GetValue(_flow) is null && (result.GetValue(_points) ?? []).Length == 0;

    /// <summary>The packet that was chosen.</summary>
    public long? Packet(ParseResult result) => (long?)result.GetValue(_packet);

    /// <summary>The span of time. Ends the command when it ends before it begins.</summary>
    public (KernelTime From, KernelTime To) Span(ParseResult result)
    {
        var (from, to) = (result.GetValue(_from) ?? KernelTime.Zero, result.GetValue(_to) ?? KernelTime.Never);
        return to >= from ? (from, to) : throw CliException.Usage("--to is before --from");
    }

    /// <summary>How many events are kept at most.</summary>
    public int Limit(ParseResult result)
    {
        if (result.GetValue(_limit) is not { } text) return Perfetto(result) is null ? LinesUnlessTold : TimelineUnlessTold;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MostEvents
            ? limit
            : throw CliException.Usage($"--limit is a whole number from 1 to {MostEvents}, not `{text}`");
    }

    /// <summary>The filter, with <paramref name="packet"/> when one was found for the user.</summary>
    public TraceFilter Filter(ParseResult result, long? packet)
    {
        var points = result.GetValue(_points) ?? [];
        return TraceFilter.TryCreate(points, packet, (uint?)result.GetValue(_flow), out var filter, out var fault)
            ? filter
            : throw CliException.Usage($"--point: {fault}");
    }
}
