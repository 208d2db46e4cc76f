using NetActors.Scenarios;

namespace NetActors.Attach.Tests.Simulations;

/// <summary>The scenarios under config.</summary>
internal static class Files
{
    public static string PathOf(string scenario) => Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "config", "scenarios", scenario + ".yaml");

    public static ScenarioFile Shipped(string scenario, params string[] overrides) => Checked(ScenarioReader.Read(PathOf(scenario), overrides));

    public static ScenarioFile Text(string text) => Checked(ScenarioReader.ReadText(text, "test.yaml"));

    private static ScenarioFile Checked(ScenarioResult result) => result.Scenario ?? throw new InvalidOperationException(string.Join('\n', result.Faults));

    private static string Root(DirectoryInfo at) => File.Exists(Path.Combine(at.FullName, "NetActors.sln")) ? at.FullName : Root(at.Parent!);
}
