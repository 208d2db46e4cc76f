using NetActors.Script.Hosting;
using NetActors.Script.Running;
using NetActors.Script.Shell;

namespace NetActors.Script.Tests;

/// <summary>The scripts that pass on Linux 6.18 pass on the emulated host.</summary>
public sealed class EmulatedHostTests
{
    private static string Folder => Repository.Path("tests", "NetActors.Script.Tests", "Conformance");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.pkt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Script_that_passes_on_linux_passes_here(string name)
    {
        var path = Path.Combine(Folder, name);
        var script = ScriptParser.Parse(File.ReadAllText(path), name).Script!;
        using var host = new EmulatedScriptHost(script.Settings);
        var result = ScriptRunner.Run(script, host, host.Commands, ScriptDirectory.Of(path));
        Assert.True(result.Passed, result.Failure?.ToString());
    }
}
