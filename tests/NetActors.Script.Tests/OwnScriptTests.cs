using System.Text.RegularExpressions;
using NetActors.Script.Hosting;
using NetActors.Script.Running;
using NetActors.Script.Shell;

namespace NetActors.Script.Tests;

/// <summary>What RFCs and the kernel's source say of TCP, sockets, epoll and UDP, one dialogue each.</summary>
public sealed partial class OwnScriptTests
{
    private static string Folder => Repository.Path("tests", "NetActors.Script.Tests", "Scripts");

    public static TheoryData<string> Names => [.. Files.Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))];

    private static IEnumerable<string> Files => Directory.GetFiles(Folder, "*.pkt", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void Stack_does_what_the_script_says(string name)
    {
        var path = Path.Combine(Folder, name);
        var read = ScriptParser.Parse(File.ReadAllText(path), name);
        Assert.Empty(read.Faults);
        using var host = new EmulatedScriptHost(read.Script!.Settings);
        var result = ScriptRunner.Run(read.Script, host, host.Commands, ScriptDirectory.Of(path));
        Assert.True(result.Passed, result.Failure?.ToString());
    }

    [Fact]
    public void Every_script_begins_with_where_its_rule_stands()
    {
        foreach (var file in Files)
        {
            var comment = string.Join(' ', File.ReadLines(file).TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal)));
            Assert.True(Source().IsMatch(comment), $"{file}: no RFC, kernel function, manual page or spec section in `{comment}`");
        }
    }

    [Fact]
    public void There_are_at_least_sixty() => Assert.True(Files.Count() >= 60, $"{Files.Count()}");

    /// <summary>An RFC, a manual page, a file, or a name with an underscore, as functions and constants of the kernel have.</summary>
    [GeneratedRegex(@"RFC \d+|[a-z]+\(\d\)|\w+\.(c|h|rst)\b|[a-zA-Z]+_\w+")]
    private static partial Regex Source();
}
