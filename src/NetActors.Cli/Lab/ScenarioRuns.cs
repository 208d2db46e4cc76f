using NetActors.Cli.Commands;
using NetActors.Hosts;
using NetActors.Lab.Runs;
using NetActors.Scenarios;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Lab;

/// <summary>Reads the scenarios that a command of the laboratory runs; ends the command when one cannot be.</summary>
internal sealed class ScenarioRuns(ScenarioLibrary library)
{
    /// <summary>A scenario with overrides; they name the seed too.</summary>
    public ScenarioFile Read(string reference, IReadOnlyList<string> overrides)
    {
        var read = library.Read(reference, overrides);
        return read.Scenario ?? throw CliException.Usage([.. read.Faults.Select(Words)]);

        // the reader knows one kind of option; the user wrote the short form
        static string Words(ScenarioFault fault) =>
            (fault.File.StartsWith("--set duration=", StringComparison.Ordinal)
                ? fault with { File = $"--duration {fault.File["--set duration=".Length..]}" }
                : fault).ToString();
    }

    /// <summary>The same scenario with as many seeds, one after the other.</summary>
    public IReadOnlyList<ScenarioFile> BySeed(string reference, IReadOnlyList<string> overrides, ulong first, int seeds)
    {
        var scenario = Read(reference, overrides);
        return [.. Enumerable.Range(0, seeds).Select(i => scenario with { Seed = unchecked(first + (ulong)i) })];
    }

    /// <summary>The host asked for is in the scenario.</summary>
    public static void Check(ScenarioFile scenario, string? host)
    {
        var names = scenario.Hosts.Select(h => h.Name).ToList();
        if (host is null || names.Contains(host)) return;
        var near = NearestName.Of(host, names);
        throw CliException.Usage($"--host: {scenario.Source} has no host `{Words.Cut(host)}`: {string.Join(", ", names)}" + (near is null ? "" : $"; did you mean `{near}`?"));
    }

    /// <summary>Does it; ends the command with one line when a scenario cannot be built.</summary>
    public static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ScenarioException e)
        {
            throw CliException.Usage(e.Message);
        }
    }

    /// <summary>Says on standard error what makes a result untrustworthy.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Verdict(IEnumerable<(string Name, RunFigures Run)> runs, TextWriter error)
    {
        var code = ExitCode.Ok;
        foreach (var (name, run) in runs)
        {
            foreach (var fault in run.Faults)
            {
                error.WriteLine($"netactors: {name}: {fault}: the emulator is wrong, please report it");
                code = ExitCode.Failure;
            }
        }

        return code;
    }
}
