namespace NetActors.Benchmarks;

/// <summary>Finds the scenarios of the repository from wherever the benchmark runs.</summary>
internal static class ScenarioFiles
{
    /// <summary>The path of <c>config/scenarios/NAME.yaml</c> in a folder above.</summary>
    public static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "config", "scenarios", name + ".yaml");
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException($"no config/scenarios/{name}.yaml above {AppContext.BaseDirectory}");
    }
}
