namespace NetActors.Script.Tests;

/// <summary>The scripts that pass on Linux 6.18 (copies of the project's conformance/scripts).</summary>
public sealed class ConformanceScriptTests
{
    private static string Folder => Repository.Path("tests", "NetActors.Script.Tests", "Conformance");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.pkt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void All_thirty_one_are_there() => Assert.Equal(31, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_read_without_a_fault(string name)
    {
        var result = ScriptParser.Parse(File.ReadAllText(Path.Combine(Folder, name)), name);
        Assert.Empty(result.Faults);
        Assert.True(result.IsValid);
        Assert.NotNull(result.Script.Init);
        Assert.True(result.Script.Events.Count >= 7);
    }
}
