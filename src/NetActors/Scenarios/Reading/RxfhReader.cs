namespace NetActors.Scenarios.Reading;

/// <summary>Reads the receive hash's key and indirection table (specification sections 1.4 and 1.5).</summary>
internal static class RxfhReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.rxfh",
        "Receive hash key and indirection table (`ethtool -X`); one of equal, weight and indir at most");

    private const int MostWeight = 2048;
    private static readonly byte[] CanonicalKey =
        Convert.FromHexString("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    private static readonly SettingKey<IReadOnlyList<byte>> Hkey = Keys.Value<IReadOnlyList<byte>>("hkey", "bytes",
        "40 or 52 in hexadecimal with : between",
        "6d:5a:56:da:...", CanonicalKey, ReadKey, "the key; the default is the one that published test vectors use");
    private static readonly SettingKey<RxHashFunction> Hfunc = Keys.Choice("hfunc", "toeplitz", "hash function",
        ("toeplitz", RxHashFunction.Toeplitz), ("xor", RxHashFunction.Xor), ("crc32", RxHashFunction.Crc32));
    private static readonly SettingKey<RxHashTransform> Xfrm = Keys.Choice("xfrm", "none",
        "transform of the input that makes both directions hash alike; not in 3.10",
        ("none", RxHashTransform.None), ("symmetric-xor", RxHashTransform.SymmetricXor),
        ("symmetric-or-xor", RxHashTransform.SymmetricOrXor));
    private static readonly SettingKey<int> Size = Keys.Value("size", "whole number", "a power of two, 8 to 2048", "128", 128, ReadSize,
        "entries of the table");
    private static readonly SettingKey<int> Start = Keys.Whole("start", 0, 0, 63, "first queue of equal and weight");
    private static readonly SettingKey<int> Equal = Keys.Whole("equal", 0, 0, 64, "spread over so many queues; 0 is all");
    private static readonly SettingKey Weight = Keys.Node("weight", "list", "whole numbers, one a queue", "none",
        "spread by weight: [6, 2]");
    private static readonly SettingKey Indir = Keys.Node("indir", "list", "queues; as many as divide the size", "none",
        "the entries, repeated to fill the table");

    /// <summary>Key and table for a device of so many queues.</summary>
    public static RxfhSettings Read(Section section, int queues, ReadingContext context)
    {
        context.RefuseIn310(section, Xfrm);
        var read = new RxfhSettings
        {
            Key = section.Get(Hkey),
            Function = section.Get(Hfunc),
            Transform = section.Get(Xfrm),
            Size = section.Get(Size),
            Start = section.Get(Start),
            Equal = section.Get(Equal),
            Weight = Numbers(section, Weight, MostWeight),
            Indirection = Numbers(section, Indir, queues - 1),
        };
        Check(section, read, queues);
        return read;
    }

    private static void Check(Section section, RxfhSettings read, int queues)
    {
        if (new[] { section.Has(Equal), section.Has(Weight), section.Has(Indir) }.Count(has => has) > 1)
            section.Faults.Add(section.Place, "`equal`, `weight` and `indir` are three ways to say the same: write one");
        var last = read.Start + Math.Max(read.Equal, read.Weight.Count);
        if (last > queues)
            section.Faults.Add(section.PlaceOf(read.Equal > 0 ? Equal : read.Weight.Count > 0 ? Weight : Start),
                $"queue {last - 1} is out of range: the device has {queues}");
        var sum = read.Weight.Sum(weight => (long)weight);
        if (read.Weight.Count > 0 && (sum == 0 || sum > read.Size))
            section.Faults.Add(section.PlaceOf(Weight), $"the weights sum to {sum}: 1 to {read.Size}, the table's size");
        if (read.Indirection.Count > 0 && read.Size % read.Indirection.Count != 0)
            section.Faults.Add(section.PlaceOf(Indir), $"{read.Indirection.Count} entries do not divide the table's {read.Size}");
    }

    private static List<int> Numbers(Section section, SettingKey key, int most) =>
        [.. section.Items(key).Select(item =>
            Section.Value(item, key.Name, text => Values.Whole(text, 0, most).Then(n => (int)n), 0, section.Faults))];

    private static Reading<int> ReadSize(string text)
    {
        var size = Values.Whole(text, 8, 2048);
        return size.Fault is null && !long.IsPow2(size.Value) ? Reading<int>.Bad($"{text} is no power of two") : size.Then(n => (int)n);
    }

    private static Reading<IReadOnlyList<byte>> ReadKey(string text)
    {
        var bytes = text.Split(':');
        if (!bytes.All(b => b.Length == 2 && b.All(char.IsAsciiHexDigit)))
            return Reading<IReadOnlyList<byte>>.Bad($"`{Words.Cut(text)}` is not bytes with : between");
        if (bytes.Length is not (40 or 52)) return Reading<IReadOnlyList<byte>>.Bad($"the key has {bytes.Length} bytes: 40 or 52");
        return Convert.FromHexString(string.Concat(bytes));
    }
}
