using System.Globalization;

namespace NetActors.Lab.Importing;

/// <summary>Reads the texts that ethtool prints (its own sources: netlink/coalesce.c, rings.c, channels.c, features.c; rss, rxclass.c).</summary>
internal static class EthtoolText
{
    /// <summary>The values of <c>NAME: VALUE</c> below a heading, or in the whole text; of names that stand twice, the first.</summary>
    public static IReadOnlyDictionary<string, string> Values(IReadOnlyList<string> lines, string? below = null)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isBelow = below is null;
        foreach (var line in lines)
        {
            if (line == below) isBelow = true;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (isBelow && colon > 0) values.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }

        return values;
    }

    /// <summary>A number, as ethtool prints it; null for <c>n/a</c> and for what is none.</summary>
    public static int? Number(IReadOnlyDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A switch: <c>on</c>, <c>off [fixed]</c>; null for anything else.</summary>
    public static string? Switch(IReadOnlyDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var text) ? text.Split(' ')[0] is "on" or "off" ? text.Split(' ')[0] : null : null;

    /// <summary>Both switches of a line such as <c>Adaptive RX: on  TX: off</c>; null for what is neither (<c>n/a</c>).</summary>
    public static (string? Rx, string? Tx) RxTx(IReadOnlyDictionary<string, string> values, string name)
    {
        if (!values.TryGetValue(name + " RX", out var text)) return default;
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var tx = Array.IndexOf(words, "TX:");
        return (On(words.FirstOrDefault()), tx < 0 ? null : On(words.ElementAtOrDefault(tx + 1)));

        static string? On(string? word) => word is "on" or "off" ? word : null;
    }

    /// <summary>The entries of <c>ethtool -x</c>'s table, in order; empty when there are none.</summary>
    public static IReadOnlyList<int> Indirection(IReadOnlyList<string> lines)
    {
        var entries = new List<int>();
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !int.TryParse(line[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || first != entries.Count) continue;
            foreach (var word in line[(colon + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var queue)) entries.Add(queue);
            }
        }

        return entries;
    }

    /// <summary>The hash key of <c>ethtool -x</c>; null when it is not told.</summary>
    public static string? HashKey(IReadOnlyList<string> lines)
    {
        var at = lines.ToList().FindIndex(l => l.StartsWith("RSS hash key:", StringComparison.Ordinal));
        if (at < 0 || at + 1 >= lines.Count) return null;
        var bytes = lines[at + 1].Split(':');
        return bytes.Length >= 40 && bytes.All(b => b.Length == 2 && b.All(char.IsAsciiHexDigit)) ? lines[at + 1] : null;
    }

    /// <summary>The hash function of <c>ethtool -x</c> that is on; null when none is told.</summary>
    public static string? HashFunction(IReadOnlyList<string> lines) =>
        lines.Select(l => l.Split(':')).Where(p => p.Length == 2 && p[1].Trim() == "on" && p[0].Trim() is "toeplitz" or "xor" or "crc32").Select(p => p[0].Trim()).FirstOrDefault();

    /// <summary>The letters of the fields that <c>ethtool -n DEV rx-flow-hash TYPE</c> names; null when the text is none of it.</summary>
    public static string? FlowHash(IReadOnlyList<string> lines)
    {
        if (!lines.Any(l => l.Contains("use these fields for computing Hash flow key", StringComparison.Ordinal))) return null;
        var letters = "";
        foreach (var (words, letter) in new[] { ("IP SA", "s"), ("IP DA", "d"), ("L4 bytes 0 & 1", "f"), ("L4 bytes 2 & 3", "n") })
        {
            if (lines.Any(l => l.StartsWith(words, StringComparison.Ordinal))) letters += letter;
        }

        return letters;
    }

    /// <summary>The rules of <c>ethtool -n DEV</c> as commands would make them; what cannot be said so is noted.</summary>
    public static IReadOnlyList<string> Rules(IReadOnlyList<string> lines, string file, List<ImportNote> notes)
    {
        var rules = new List<string>();
        foreach (var rule in Blocks(lines))
        {
            var values = Values(rule);
            if (Rule(values) is { } text) rules.Add(text);
            else notes.Add(new ImportNote(file, $"filter {values.GetValueOrDefault("Filter", "?")}: `{values.GetValueOrDefault("Rule Type", "unknown")}` to `{values.GetValueOrDefault("Action", "?")}` cannot be said here"));
        }

        return rules;
    }

    private static IEnumerable<List<string>> Blocks(IReadOnlyList<string> lines)
    {
        List<string>? block = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("Filter:", StringComparison.Ordinal))
            {
                if (block is not null) yield return block;
                block = [];
            }

            block?.Add(line);
        }

        if (block is not null) yield return block;
    }

    private static string? Rule(IReadOnlyDictionary<string, string> values)
    {
        var type = values.GetValueOrDefault("Rule Type") switch { "TCP over IPv4" => "tcp4", "UDP over IPv4" => "udp4", "Raw IPv4" => "ip4", _ => null };
        var action = values.GetValueOrDefault("Action", "");
        var queue = action == "Drop" ? "-1" : action.StartsWith("Direct to queue ", StringComparison.Ordinal) ? action["Direct to queue ".Length..] : null;
        if (type is null || queue is null || !values.TryGetValue("Filter", out var location)) return null;
        if (values.ContainsKey("RSS Context ID")) return null;
        foreach (var (name, none) in new[] { ("TOS", "0xff"), ("VLAN", "0xffff"), ("User-defined", "0xffffffffffffffff") })
        {
            if (values.TryGetValue(name, out var other) && !other.EndsWith($"mask: {none}", StringComparison.Ordinal)) return null;
        }

        var text = $"flow-type {type}";
        foreach (var (name, word, none) in new[]
        {
            ("Src IP addr", "src-ip", "255.255.255.255"), ("Dest IP addr", "dst-ip", "255.255.255.255"), ("Src port", "src-port", "0xffff"), ("Dest port", "dst-port", "0xffff"),
        })
        {
            if (!values.TryGetValue(name, out var value)) continue;
            var parts = value.Split(" mask: ", StringSplitOptions.TrimEntries); // the mask has the bits that are not compared
            if (parts.Length != 2) return null;
            if (parts[1] == none) continue;
            text += $" {word} {parts[0]}" + (parts[1] is "0.0.0.0" or "0x0" ? "" : $" m {parts[1]}");
        }

        return $"{text} action {queue} loc {location}";
    }
}
