namespace NetActors.Benchmarks;

/// <summary>Finds the scenarios of the repository from wherever the benchmark runs.</summary>
internal static class ScenarioFiles
{
    /// <summary>The path of a scenario of the benchmarks, or of <c>config/scenarios</c>, in a folder above.</summary>
    public static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var place in (string[])["loadtests/NetActors.Benchmarks/scenarios", "config/scenarios"])
            {
                var path = Path.Combine(folder.FullName, place, name + ".yaml");
                if (File.Exists(path)) return path;
            }
        }

        throw new FileNotFoundException($"no scenario {name} above {AppContext.BaseDirectory}");
    }
}
