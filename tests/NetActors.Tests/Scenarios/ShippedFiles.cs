using System.Runtime.CompilerServices;

namespace NetActors.Tests.Scenarios;

/// <summary>The files under config, found from where this source stands.</summary>
internal static class ShippedFiles
{
    public static string Config { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../config"));

    public static IEnumerable<string> Scenarios => Directory.EnumerateFiles(Path.Combine(Config, "scenarios"), "*.yaml").Order(StringComparer.Ordinal);

    public static string Scenario(string name) => Path.Combine(Config, "scenarios", name + ".yaml");

    private static string Here([CallerFilePath] string path = "") => path;
}
