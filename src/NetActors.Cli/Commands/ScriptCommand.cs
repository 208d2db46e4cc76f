using System.CommandLine;
using System.Globalization;
using NetActors.Cli.Reports;
using NetActors.Cli.Running;
using NetActors.Cli.Scripts;
using NetActors.Script;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors script FILE.pkt...</c>: packetdrill's language, in virtual time.</summary>
internal sealed class ScriptCommand
{
    private const int MostJobs = 256;

    private readonly Argument<string[]> _files = new("files")
    {
        Description = "Packet scripts, or directories of them.",
        HelpName = "FILE.pkt",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _options = new("--option", "-o")
    {
        Description = "An option of packetdrill, such as ip_version=ipv4 or tolerance_usecs=10000; wins over the script's; may be given again.",
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _defines = new("--define", "-D")
    {
        Description = "A word of the scripts that stands for other text; wins over the script's; may be given again.",
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _jobs = new("--jobs", "-j") { Description = "How many scripts run at a time; as many as CPUs unless told.", HelpName = "N" };

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print the dialogue of scripts that pass, too." };

    private readonly Option<string?> _pcap = new("--pcap") { Description = "Write the packets of a single script as pcapng.", HelpName = "FILE" };

    private readonly CommandContext _context;

    private ScriptCommand(CommandContext context) => _context = context;

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var script = new ScriptCommand(context);
        const string Does = "Run packet scripts (packetdrill's language), each on a fresh host in virtual time; answers 1 when one fails.";
        var command = new Command("script", Does) { script._files };
        foreach (var option in (Option[])[script._options, script._defines, script._jobs, script._verbose, script._pcap]) command.Options.Add(option);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors script close.pkt                                 one script",
                "netactors script tests/NetActors.Script.Tests/Scripts      all below a directory",
                "netactors script tcp/ --option ip_version=ipv4 -D CONFIG_MSS=1000",
            ],
            next:
            [
                "netactors script FILE.pkt --verbose             what was sent and called, and when",
                "netactors script FILE.pkt --pcap FILE.pcapng    the packets, for Wireshark",
            ]);
        command.SetAction(script.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        var (options, jobs, verbose) = (ParserOptions(result), Jobs(result), result.GetValue(_verbose));
        var paths = ScriptPaths.Find(result.GetRequiredValue(_files));
        var pcap = result.GetValue(_pcap);
        if (pcap is not null && paths.Count != 1) throw CliException.Usage($"--pcap is for a single script, not {paths.Count}");
        using var capture = pcap is null ? null : OutputFile.Open("--pcap", pcap, [(paths[0], "the script that is run")]);
        PacketTap? tap = null;
        var batch = new ScriptBatch(options, jobs, capture is null ? null : host => tap = new PacketTap(host));
        var failed = 0;
        var isWhole = batch.Run(paths, Tell, _context.Cancellation);
        if (capture is not null) tap?.Write(capture);
        if (paths.Count > 1 && isWhole) _context.Terminal.Out.WriteLine($"{Figures.Of(paths.Count, "script")}, {Figures.Count(failed)} failed");
        return !isWhole ? ExitCode.Interrupted : failed > 0 ? ExitCode.Failure : ExitCode.Ok;

        void Tell(ScriptOutcome outcome)
        {
            if (!outcome.Passed) failed++;
            _context.Terminal.Out.Write(outcome.Text(verbose));
            _context.Terminal.Out.Flush();
        }
    }

    /// <summary>What holds for every script is judged once, by a script that has no faults of its own.</summary>
    private ScriptParserOptions ParserOptions(ParseResult result)
    {
        var options = new ScriptParserOptions { Options = result.GetValue(_options) ?? [], Defines = Defines(result.GetValue(_defines) ?? []) };
        const string Faultless = "0 close(3) = -1\n";
        var faults = ScriptParser.Parse(Faultless, "--option", options with { Defines = ScriptParserOptions.None.Defines }).Faults;
        return faults.Count == 0
            ? options
            : throw CliException.Usage([.. faults.Select(f => $"--option: {f.Message}{(f.Suggestion is null ? "" : $"; did you mean `{f.Suggestion}`?")}")]);
    }

    private static Dictionary<string, string> Defines(string[] words)
    {
        var defines = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw CliException.Usage($"--define needs NAME=VALUE, not `{word}`");
            defines[word[..equals]] = word[(equals + 1)..];
        }

        return defines;
    }

    private int Jobs(ParseResult result)
    {
        if (result.GetValue(_jobs) is not { } text) return Math.Min(Environment.ProcessorCount, MostJobs);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs is > 0 and <= MostJobs
            ? jobs
            : throw CliException.Usage($"--jobs is a whole number from 1 to {MostJobs}, not `{text}`");
    }
}
