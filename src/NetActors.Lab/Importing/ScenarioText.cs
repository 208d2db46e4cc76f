using System.Globalization;
using System.Text;

namespace NetActors.Lab.Importing;

/// <summary>Writes settings as a scenario, one a line, so that a fault's line tells which it was.</summary>
internal sealed class ScenarioText
{
    private readonly StringBuilder _text = new();
    private readonly Node _root = new();
    private readonly Dictionary<int, ImportedSetting> _byLine = [];
    private int _line;

    /// <summary>A scenario of a host with this kernel.</summary>
    public ScenarioText(string kernel, IReadOnlyList<string> comments)
    {
        Line("# Made by `netactors import-host` of a host" + (kernel.Length == 0 ? "." : $" with Linux {kernel}."));
        foreach (var comment in comments) Line("# " + comment);
        Line("#");
        Line("# The programs and the traffic are only an example: a flood that a sink reads. Put your own in their place.");
        Line("description: an imported host");
        Line("duration: 20ms");
        if (kernel.StartsWith("3.10.", StringComparison.Ordinal)) Line("kernel: \"3.10\"");
    }

    /// <summary>Adds a setting below the sections of its path.</summary>
    public void Add(ImportedSetting setting)
    {
        var node = _root;
        foreach (var key in setting.Path) node = node.Below(key);
        node.Setting = setting;
    }

    /// <summary>The text, with a program and traffic for each device, and which line is which setting.</summary>
    public (string Yaml, IReadOnlyDictionary<int, ImportedSetting> ByLine) End(string host, IReadOnlyList<string> devices, int cpus)
    {
        Write(_root, 0);
        Line("    tasks:");
        Line(string.Create(CultureInfo.InvariantCulture, $"      - {{ name: sink, program: udp-sink, threads: {Math.Min(cpus, 64)}, pin: on, bind: \"0.0.0.0:9000\", reuseport: on, batch: 32 }}"));
        Line("traffic:");
        foreach (var device in devices)
        {
            var address = AddressOf(host, device);
            Line($"  - {{ name: {Quoted("to-" + device)}, to: {Quoted($"{host}.{device}")}, kind: udp-flood, rate: 200kpps, arrival: poisson, size: 64, flows: 64, source: 198.18.0.0/24, destination: \"{address}:9000\" }}");
        }

        return (_text.ToString(), _byLine);
    }

    private string AddressOf(string host, string device)
    {
        var list = _root.Below("hosts").Below(host).Below("devices").Below(device).Below("addresses").Setting?.Value ?? "[]";
        return list.Trim('[', ']').Split(',')[0].Split('/')[0] is { Length: > 0 } address ? address : "10.0.0.1";
    }

    private void Write(Node node, int depth)
    {
        foreach (var (key, below) in node.Entries)
        {
            if (below.Setting is null && below.Entries.Count == 0) continue;
            var indent = new string(' ', 2 * depth);
            if (below.Setting is { } setting)
            {
                Line($"{indent}{Key(key)}: {setting.Value}");
                _byLine[_line] = setting;
                continue;
            }

            Line($"{indent}{Key(key)}:");
            Write(below, depth + 1);
        }
    }

    private void Line(string text)
    {
        _line++;
        _text.Append(text).Append('\n');
    }

    /// <summary>Any text as one value of YAML; what cannot be printed is a question mark.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text.Take(4096)) quoted.Append(c is '"' or '\\' ? "\\" : "").Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return quoted.Append('"').ToString();
    }

    // Names of devices and rules may begin with anything; names of keys need no quotes.
    private static string Key(string key) =>
        key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && char.IsAsciiLetter(key[0]) ? key : Quoted(key);

    private sealed class Node
    {
        public List<(string Key, Node Node)> Entries { get; } = [];

        public ImportedSetting? Setting { get; set; }

        public Node Below(string key)
        {
            var found = Entries.Find(e => e.Key == key).Node;
            if (found is null) Entries.Add((key, found = new Node()));
            return found;
        }
    }
}
