using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>The key <c>size</c> or one like it: bytes, or a section of sizes with weights; where laws are allowed, also one of these.</summary>
internal sealed class SizeReader(KeyTable keys, int least, int most, int otherwise, string doc, string name = "size", bool laws = false)
{
    private const int MostWeight = 1_000_000;

    private readonly SettingKey _size = keys.Node(name, laws ? "size, section of size: weight, or law" : "size, or section of size: weight",
        string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"),
        otherwise == 0 ? KeyTable.Required : string.Create(CultureInfo.InvariantCulture, $"{otherwise}"), doc);

    /// <summary>The sizes.</summary>
    public SizeMix Read(Section section)
    {
        if (section.Node(_size) is not { } node) return SizeMix.Of(otherwise);
        if (node is not MappingNode mix) return SizeMix.Of(Section.Value(node, name, Bytes, otherwise, section.Faults));
        var sizes = new List<WeightedSize>();
        foreach (var (text, place, value) in mix.Entries)
        {
            var bytes = Bytes(text);
            if (bytes.Fault is not null) section.Faults.Add(place, $"`{name}`: {bytes.Fault}", bytes.Suggestion);
            var weight = Section.Value(value, $"weight of {Words.Cut(text)}", weight => Values.Whole(weight, 1, MostWeight).Then(n => (int)n),
                1, section.Faults);
            if (sizes.Exists(size => size.Bytes == bytes.Value)) section.Faults.Add(place, $"`{name}`: {bytes.Value} bytes are given twice");
            sizes.Add(new WeightedSize(bytes.Value, weight));
        }

        if (sizes.Count == 0) section.Faults.Add(mix.Place, $"`{name}` has no size");
        return sizes.Count == 0 ? SizeMix.Of(otherwise) : new SizeMix(sizes);
    }

    /// <summary>The sizes, or the law that they are drawn from.</summary>
    public SizeDistribution ReadAny(Section section)
    {
        if (section.Node(_size) is not ScalarNode { Text: var text } node || !SizeLawReader.IsMeant(text)) return Read(section);
        return Section.Value(node, name, law => SizeLawReader.Read(law, least, most), SizeMix.Of(otherwise), section.Faults);
    }

    private Reading<int> Bytes(string text) => Quantity.Size.Read(text, least, most).Then(n => (int)n);
}
