using NetActors.Scenarios;

namespace NetActors.Attach.Tests.Simulations;

/// <summary>The scenarios under config.</summary>
internal static class Files
{
    /// <summary>Names of all of them, with their folders.</summary>
    public static IEnumerable<string> Library =>
        Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)[..^".yaml".Length]).Order(StringComparer.Ordinal);

    private static string Folder { get; } = Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "config", "scenarios");

    public static string PathOf(string scenario) => Path.Combine(Folder, scenario + ".yaml");

    public static ScenarioFile Shipped(string scenario, params string[] overrides) => Checked(ScenarioReader.Read(PathOf(scenario), overrides));

    public static ScenarioFile Text(string text) => Checked(ScenarioReader.ReadText(text, "test.yaml"));

    private static ScenarioFile Checked(ScenarioResult result) => result.Scenario ?? throw new InvalidOperationException(string.Join('\n', result.Faults));

    private static string Root(DirectoryInfo at) => File.Exists(Path.Combine(at.FullName, "NetActors.sln")) ? at.FullName : Root(at.Parent!);
}
