namespace NetActors.Script.Tests;

/// <summary>Finds files of the repository from the place where the tests were built.</summary>
internal static class Repository
{
    public static string Path(params string[] parts)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && directory.GetFiles("NetActors.sln").Length == 0) directory = directory.Parent;
        Assert.NotNull(directory);
        return System.IO.Path.Combine([directory.FullName, .. parts]);
    }
}
