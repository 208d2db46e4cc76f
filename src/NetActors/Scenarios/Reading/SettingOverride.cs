using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>Applies <c>--set key=value</c> to the tree before it is checked, so that a wrong one is refused like the file.</summary>
internal static class SettingOverride
{
    /// <summary>Changes the tree; a fault naming the option when its path leads nowhere or its value is not YAML.</summary>
    public static void Apply(MappingNode root, string option, FaultList faults)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var place = new SourcePlace($"--set {Words.Cut(option)}", 0, 0);
        if (equals < 0 || option.AsSpan(0, equals).IsWhiteSpace())
        {
            faults.Add(place, "write key=value, such as hosts.server.cpus=8");
            return;
        }

        if (SettingTree.ReadOption(option[(equals + 1)..], place, faults) is { } value)
            Set(root, option[..equals].Trim(), value, place,
                faults);
    }

    private static void Set(SettingNode node, string path, SettingNode value, SourcePlace place, FaultList faults)
    {
        var section = false; // the node's keys have dots themselves (sysctls)
        while (true)
        {
            if (node is SequenceNode list)
            {
                if (Item(list, ref path, place, faults) is not { } index) return;
                if (path.Length == 0)
                {
                    if (index == list.Items.Count) list.Items.Add(value);
                    else list.Items[index] = value;
                    return;
                }

                if (index == list.Items.Count) list.Items.Add(new MappingNode(place));
                node = list.Items[index];
                continue;
            }

            if (node is not MappingNode mapping)
            {
                faults.Add(place, $"`{Words.Cut(path)}` leads into {node.Kind}, which has no keys");
                return;
            }

            var key = Key(mapping, path, section);
            path = path[key.Length..].TrimStart('.');
            if (path.Length == 0)
            {
                mapping.Set(key, place, value);
                return;
            }

            if (mapping.Find(key)?.Value is null or ScalarNode { IsNothing: true })
                mapping.Set(key, place, path.StartsWith('[') ? new SequenceNode(place) : new MappingNode(place));
            section = key == "sysctl";
            node = mapping.Find(key)!.Value;
        }
    }

    /// <summary>The key that the path begins with: the longest that is there, else up to the next dot or bracket.</summary>
    private static string Key(MappingNode mapping, string path, bool keysHaveDots)
    {
        var there = mapping.Entries.Select(entry => entry.Name)
            .Where(name => name.Length > 0 && path.StartsWith(name, StringComparison.Ordinal)
                && (path.Length == name.Length || path[name.Length] is '.' or '['))
            .MaxBy(name => name.Length);
        if (there is not null) return there;
        if (keysHaveDots) return path;
        var end = path.IndexOfAny(['.', '['], 1);
        return end < 0 ? path : path[..end];
    }

    /// <summary>The index that the path begins with, <c>[0]</c> or an item's <c>name</c>; takes it off the path. Null after a fault.</summary>
    private static int? Item(SequenceNode list, ref string path, SourcePlace place, FaultList faults)
    {
        if (path.StartsWith('['))
        {
            var close = path.IndexOf(']', StringComparison.Ordinal);
            var digits = close < 0 ? "" : path[1..close];
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= list.Items.Count)
            {
                path = path[(close + 1)..].TrimStart('.');
                return index;
            }

            faults.Add(place, $"`{Words.Cut(path)}` is no item of a list of {list.Items.Count}: [0] is the first, [{list.Items.Count}] adds one");
            return null;
        }

        var names = list.Items.Select(item => ((item as MappingNode)?.Find("name")?.Value as ScalarNode)?.Text ?? "").ToList();
        var end = path.IndexOf('.', StringComparison.Ordinal);
        var name = end < 0 ? path : path[..end];
        var found = names.IndexOf(name);
        if (found < 0 || name.Length == 0)
        {
            faults.Add(place, $"no item of the list is called `{Words.Cut(name)}`: write its number, [0] being the first",
                NearestName.Of(name, names));
            return null;
        }

        path = end < 0 ? "" : path[(end + 1)..];
        return found;
    }
}
