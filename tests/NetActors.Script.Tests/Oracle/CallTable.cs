namespace NetActors.Script.Tests.Oracle;

/// <summary>A table of socket calls with what the Linux kernel answered (see oracle.py).</summary>
internal sealed class CallTable
{
    private CallTable(string name, IReadOnlyList<CallSection> sections) => (Name, Sections) = (name, sections);

    public string Name { get; }

    public IReadOnlyList<CallSection> Sections { get; }

    private static string Folder => Repository.Path("tests", "NetActors.Script.Tests", "Oracle", "Tables");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.calls").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static CallTable Read(string name)
    {
        var sections = new List<CallSection>();
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".calls"));
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("== ", StringComparison.Ordinal)) sections.Add(new CallSection(line[3..], []));
            var arrow = line.IndexOf("=>", StringComparison.Ordinal);
            if (arrow < 0 || line[0] is '#' or '=') continue;
            sections[^1].Calls.Add(new TableCall(i + 1, line[..arrow].Trim(), line[(arrow + 2)..].Trim()));
        }

        return new CallTable(name, sections);
    }
}

/// <summary>Calls on one fresh host.</summary>
internal sealed record CallSection(string Title, List<TableCall> Calls);

/// <summary>One call and Linux's answer.</summary>
internal sealed record TableCall(int Line, string Text, string Answer);
