using System.Diagnostics;

namespace NetActors.Cli.Tests;

/// <summary>The judge of captures, where it is installed.</summary>
internal static class Tshark
{
    public static bool IsThere { get; } = File.Exists("/usr/bin/tshark");

    public static string[] Read(string file, string filter, params string[] more)
    {
        var start = new ProcessStartInfo("/usr/bin/tshark") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in (string[])["-n", "-r", file, "-Y", filter, .. more]) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A fact that needs tshark.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TsharkFactAttribute : FactAttribute
{
    public TsharkFactAttribute()
    {
        if (!Tshark.IsThere) Skip = "tshark is not installed";
    }
}

/// <summary>A theory that needs tshark.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TsharkTheoryAttribute : TheoryAttribute
{
    public TsharkTheoryAttribute()
    {
        if (!Tshark.IsThere) Skip = "tshark is not installed";
    }
}
