namespace NetActors.Attach.Tests;

/// <summary>The committed captures of real Linux programs, and short ways to read one.</summary>
internal static class CaptureFiles
{
    public const string Mixed = "linux-mixed.pcapng";
    public const string Client = "linux-client.pcap";
    public const string Sll2 = "linux-any-sll2.pcap";
    public const string Snap80 = "linux-any-sll-snap80.pcap";

    public static TheoryData<string> All => [Mixed, Client, Sll2, Snap80];

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Captures", name);

    /// <summary>What tshark said when the captures were made: number, time, captured length, length, interface.</summary>
    public static string[] Expected(string name) => File.ReadAllLines(PathOf($"expected-{Path.GetFileNameWithoutExtension(name)}.txt"));

    public static CaptureReader Over(byte[] bytes, CaptureLimits? limits = null) => new(new MemoryStream(bytes), limits);

    /// <summary>Reads to the end; what lies in the reader's buffer is copied.</summary>
    public static List<CaptureRecord> ReadAll(CaptureReader reader)
    {
        var records = new List<CaptureRecord>();
        while (reader.TryRead(out var record))
            records.Add(record with { Data = record.Data.ToArray(), CommentUtf8 = record.CommentUtf8.ToArray() });
        return records;
    }
}
