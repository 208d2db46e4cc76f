namespace NetActors.Scenarios.Reading;

/// <summary>Small turns of phrase of the messages.</summary>
internal static class Words
{
    private const int Longest = 60;

    /// <summary><c>a, b or c</c>.</summary>
    public static string Or(IEnumerable<string> words)
    {
        var all = words.ToList();
        return all.Count < 2 ? string.Concat(all) : string.Join(", ", all.SkipLast(1)) + " or " + all[^1];
    }

    /// <summary>Long text shortened, and on one line, so that a message stays readable.</summary>
    public static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "...";
    }

    /// <summary>The unit here for one that people write elsewhere; null when there is none.</summary>
    public static string? Alias(string unit) => unit switch
    {
        "sec" or "secs" or "second" or "seconds" => "s",
        "msec" or "msecs" => "ms",
        "usec" or "usecs" or "µs" => "us",
        "nsec" or "nsecs" => "ns",
        "k" or "K" or "kB" or "KB" or "kiB" or "kib" => "KiB",
        "M" or "MB" or "mib" => "MiB",
        "Gbps" or "Gb/s" or "G" or "gbit" => "Gbit",
        "Mbps" or "Mb/s" or "mbit" => "Mbit",
        "kbps" or "Kbit" => "kbit",
        "bps" => "bit",
        "mpps" => "Mpps",
        "Kpps" => "kpps",
        _ => null,
    };
}
