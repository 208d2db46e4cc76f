namespace NetActors.Scenarios.Reading;

/// <summary>A section of a file being read by its table of keys. Unknown keys are faults at once; a faulty value reads as its default.</summary>
internal sealed class Section
{
    private readonly MappingNode _node;
    private readonly KeyTable _table;

    /// <summary>Reads <paramref name="node"/>; null and nothing at all are an empty section.</summary>
    public Section(SettingNode? node, SourcePlace place, KeyTable table, FaultList faults)
    {
        (_table, Faults, Place) = (table, faults, node?.Place ?? place);
        _node = AsMapping(node, place, Words.Cut(string.Join(", ", table.Keys.Select(k => k.Name))), faults);
        foreach (var entry in _node.Entries) CheckKnown(entry);
    }

    /// <summary>Where faults go.</summary>
    public FaultList Faults { get; }

    /// <summary>Where the section begins.</summary>
    public SourcePlace Place { get; }

    /// <summary>The section as a mapping; anything else is a fault and reads as empty.</summary>
    public static MappingNode AsMapping(SettingNode? node, SourcePlace place, string keys, FaultList faults)
    {
        if (node is MappingNode mapping) return mapping;
        if (node is not null and not ScalarNode { IsNothing: true })
            faults.Add(node.Place,
                $"a section of keys belongs here ({keys}), not {node.Kind}");
        return new MappingNode(node?.Place ?? place);
    }

    /// <summary>The key was written.</summary>
    public bool Has(SettingKey key) => _node.Find(key.Name) is not null;

    /// <summary>The node under a key; null when it was not written.</summary>
    public SettingNode? Node(SettingKey key) => _node.Find(key.Name)?.Value;

    /// <summary>Where the value of a key begins; the section when it was not written.</summary>
    public SourcePlace PlaceOf(SettingKey key) => _node.Find(key.Name)?.Value.Place ?? Place;

    /// <summary>The value of a key; its default when it is missing or faulty.</summary>
    public T Get<T>(SettingKey<T> key)
    {
        if (Node(key) is { } node) return Value(node, key.Name, key.Read, key.Otherwise, Faults);
        if (key.IsRequired) Faults.Add(Place, $"`{key.Name}` is missing ({key.Doc})");
        return key.Otherwise;
    }

    /// <summary>One value read by <paramref name="read"/>; the fault and <paramref name="otherwise"/> when it cannot be.</summary>
    public static T Value<T>(SettingNode node, string name, Func<string, Reading<T>> read, T otherwise, FaultList faults)
    {
        if (node is not ScalarNode scalar)
        {
            faults.Add(node.Place, $"`{name}` is a single value, not {node.Kind}");
            return otherwise;
        }

        if (scalar.IsNothing)
        {
            faults.Add(node.Place, $"`{name}` has no value");
            return otherwise;
        }

        var reading = read(scalar.Text);
        if (reading.Fault is null) return reading.Value!;
        faults.Add(reading.At == 0 ? scalar.Place : scalar.PlaceAt(reading.At), $"`{name}`: {reading.Fault}", reading.Suggestion);
        return otherwise;
    }

    /// <summary>The section under a key, empty when it was not written.</summary>
    public Section Open(SettingKey key, KeyTable table) => new(Node(key), PlaceOf(key), table, Faults);

    /// <summary>The freely named entries under a key (hosts, devices, sysctls).</summary>
    public IReadOnlyList<SettingEntry> Named(SettingKey key) => AsMapping(Node(key), Place, key.Range, Faults).Entries;

    /// <summary>The items of a list under a key; anything but a list is a fault.</summary>
    public IReadOnlyList<SettingNode> Items(SettingKey key)
    {
        var node = Node(key);
        if (node is SequenceNode list) return list.Items;
        if (node is not null and not ScalarNode { IsNothing: true })
            Faults.Add(node.Place,
                $"`{key.Name}` is a list: [ ... ], not {node.Kind}");
        return [];
    }

    private void CheckKnown(SettingEntry entry)
    {
        var names = _table.Keys.Select(k => k.Name).ToList();
        if (names.Contains(entry.Name)) return;
        var near = NearestName.Of(entry.Name, names) ?? ScenarioTables.ElsewhereUnder(_table, entry.Name);
        Faults.Add(entry.Place, $"unknown key `{Words.Cut(entry.Name)}` in {_table.Path}", near);
    }
}
