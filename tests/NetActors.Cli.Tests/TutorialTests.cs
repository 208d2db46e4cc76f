using System.Text.RegularExpressions;

namespace NetActors.Cli.Tests;

/// <summary>The tutorial's commands run, and print what it shows of them; figures may change with the emulator, words may not.</summary>
public sealed partial class TutorialTests : IDisposable
{
    private const string Prompt = "    $ netactors ";
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    public static TheoryData<string> Commands => [.. Lines.Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)).Select(l => l[Prompt.Length..])];

    private static string[] Lines { get; } = File.ReadAllLines(Path.Combine(Lab.ComparisonLibraryTests.Repository(), "config", "scenarios", "TUTORIAL.md"));

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_of_the_tutorial_prints_what_stands_there(string command)
    {
        var result = _cli.Run(command.Split(' '));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var printed = result.OutLines.Select(Words).ToHashSet(StringComparer.Ordinal);
        var shown = Lines.SkipWhile(l => l != Prompt + command).Skip(1).TakeWhile(l => l.StartsWith("    ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(shown);
        Assert.All(shown, line => Assert.Contains(Words(line), printed));
    }

    [Fact]
    public void The_tutorial_goes_all_the_way() => Assert.InRange(Commands.Count, 6, 20);

    private static string Words(string line) =>
        string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !Figure().IsMatch(word)));

    [GeneratedRegex(@"^([-+]?[0-9][0-9.]*\*?,?|[0-9a-f]{8}|-)$")]
    private static partial Regex Figure();
}
