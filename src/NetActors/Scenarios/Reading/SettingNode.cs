namespace NetActors.Scenarios.Reading;

/// <summary>A YAML value that remembers where it was written. The tree is changed by overrides only, before it is checked.</summary>
internal abstract class SettingNode(SourcePlace place)
{
    /// <summary>Where the value begins.</summary>
    public SourcePlace Place { get; } = place;

    /// <summary>What it is, for messages: <c>a value</c>, <c>a list</c>, <c>a section</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value; its meaning is decided by the key that reads it.</summary>
/// <param name="place">Where it begins, quote included.</param>
/// <param name="text">The text without quotes.</param>
/// <param name="wordsAt">Characters from <paramref name="place"/> to the first of the text, or -1 when the text was folded or escaped.</param>
internal sealed class ScalarNode(SourcePlace place, string text, int wordsAt) : SettingNode(place)
{
    /// <summary>The text without quotes.</summary>
    public string Text { get; } = text;

    /// <summary>Written as nothing at all (<c>key:</c>) or as YAML's null.</summary>
    public bool IsNothing => wordsAt == 0 && Text is "" or "~" or "null";

    /// <inheritdoc />
    public override string Kind => "a value";

    /// <summary>Where the character at <paramref name="offset"/> of the text stands; the begin of the value when that is not known.</summary>
    public SourcePlace PlaceAt(int offset) => wordsAt < 0 ? Place : Place.After(wordsAt + offset);
}

/// <summary>A list.</summary>
internal sealed class SequenceNode(SourcePlace place) : SettingNode(place)
{
    /// <summary>The items in order.</summary>
    public List<SettingNode> Items { get; } = [];

    /// <inheritdoc />
    public override string Kind => "a list";
}

/// <summary>Keys with values, in the order of the file; names are unique.</summary>
internal sealed class MappingNode(SourcePlace place) : SettingNode(place)
{
    /// <summary>The entries in order.</summary>
    public List<SettingEntry> Entries { get; } = [];

    /// <inheritdoc />
    public override string Kind => "a section of keys";

    /// <summary>The entry called <paramref name="name"/>; null when there is none.</summary>
    public SettingEntry? Find(string name) => Entries.Find(entry => entry.Name == name);

    /// <summary>Replaces the value of an entry, or adds it at the end.</summary>
    public void Set(string name, SourcePlace place, SettingNode value)
    {
        var index = Entries.FindIndex(entry => entry.Name == name);
        if (index < 0) Entries.Add(new SettingEntry(name, place, value));
        else Entries[index] = new SettingEntry(name, place, value);
    }
}

/// <summary>One key of a section.</summary>
/// <param name="Name">The key.</param>
/// <param name="Place">Where the key begins.</param>
/// <param name="Value">Its value.</param>
internal sealed record SettingEntry(string Name, SourcePlace Place, SettingNode Value);
