namespace NetActors.Tests.Scenarios;

/// <summary>The files under config, found by the solution above the test's binaries.</summary>
internal static class ShippedFiles
{
    public static string Config { get; } = Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "config");

    public static IEnumerable<string> Scenarios =>
        Directory.EnumerateFiles(Path.Combine(Config, "scenarios"), "*.yaml").Order(StringComparer.Ordinal);

    /// <summary>Names of all scenarios, those in folders too.</summary>
    public static IEnumerable<string> Library => Directory.EnumerateFiles(Path.Combine(Config, "scenarios"), "*.yaml", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Path.Combine(Config, "scenarios"), f)[..^".yaml".Length]).Order(StringComparer.Ordinal);

    public static string Scenario(string name) => Path.Combine(Config, "scenarios", name + ".yaml");

    private static string Root(DirectoryInfo at) => File.Exists(Path.Combine(at.FullName, "NetActors.sln")) ? at.FullName : Root(at.Parent!);
}
