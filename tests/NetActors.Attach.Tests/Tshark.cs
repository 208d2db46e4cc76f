using System.Diagnostics;

namespace NetActors.Attach.Tests;

/// <summary>Wireshark's own reader as the judge of our files; knows nothing of this project, so that other tests may use it.</summary>
internal static class Tshark
{
    /// <summary>Where the program is; null when it is not installed.</summary>
    public static string? ProgramPath { get; } = Find();

    /// <summary>Why a test that needs it is skipped; null when it is there.</summary>
    public static string? SkipReason => ProgramPath is null ? "tshark is not installed" : null;

    /// <summary>The named fields of each packet, separated by tabs, one line a packet.</summary>
    public static string[] Fields(string capture, params ReadOnlySpan<string> fields)
    {
        List<string> arguments = ["-r", capture, "-T", "fields"];
        foreach (var field in fields) arguments.AddRange(["-e", field]);
        return Run(arguments);
    }

    /// <summary>Runs it and gives its standard output; fails the test when it fails or says anything of a damaged file.</summary>
    public static string[] Run(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(ProgramPath ?? throw new InvalidOperationException(SkipReason), ["-n", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C", ["TZ"] = "UTC" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var said = errors.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"tshark ended with {process.ExitCode}: {said}");
        Assert.DoesNotContain("appears to", said, StringComparison.Ordinal); // damaged, or cut short
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "tshark"))
        .FirstOrDefault(File.Exists);
}
