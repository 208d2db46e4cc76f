using NetActors.Lab.Comparing;

namespace NetActors.Cli.Tests.Lab;

/// <summary>The files of config/comparisons and their page.</summary>
public sealed class ComparisonLibraryTests
{
    private static readonly string Folder = Path.Combine(Repository(), "config", "comparisons");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_reads_and_so_do_its_scenarios(string name)
    {
        var path = Path.Combine(Folder, name);
        var text = File.ReadAllText(path);
        Assert.True(ComparisonReader.Is(text));
        var (comparison, faults) = ComparisonReader.Read(text, path);
        Assert.Empty(faults);
        var library = new Commands.ScenarioLibrary(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Directory = Folder });
        Assert.All(comparison!.Variants, v => Assert.Empty(library.Read(v.Scenario, v.Set).Faults));
    }

    [Fact]
    public void The_page_lists_the_keys_that_the_reader_knows()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "README.md"));
        foreach (var (what, keys) in new[] { ("the file", ComparisonReader.Keys), ("a variant", ComparisonReader.VariantKeys) })
            Assert.Contains($"| {what} | {string.Join(", ", keys.Own.Select(k => $"`{k.Name}`"))} |", page, StringComparison.Ordinal);
        foreach (var metric in NetActors.Lab.Runs.Metric.All) Assert.Matches($@"[` ]{metric.Key}[` ]", page);
    }

    internal static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "NetActors.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }
}
