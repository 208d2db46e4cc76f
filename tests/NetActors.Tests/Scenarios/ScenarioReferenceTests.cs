using NetActors.Scenarios;

namespace NetActors.Tests.Scenarios;

public class ScenarioReferenceTests
{
    private const string Begin = "<!-- keys: made by ScenarioReference -->\n";

    /// <summary>With NETACTORS_WRITE_REFERENCE=1 the test writes the file instead.</summary>
    [Fact]
    public void The_written_reference_lists_every_key_the_reader_knows()
    {
        var path = Path.Combine(ShippedFiles.Config, "scenarios", "README.md");
        var text = File.ReadAllText(path);
        var head = text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)];
        var expected = head + "\n" + ScenarioReference.Markdown();
        if (Environment.GetEnvironmentVariable("NETACTORS_WRITE_REFERENCE") == "1") File.WriteAllText(path, expected);
        else Assert.Equal(expected, text);
    }
}
