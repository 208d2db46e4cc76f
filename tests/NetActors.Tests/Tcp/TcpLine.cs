using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NetActors.Headers;

namespace NetActors.Tests.Tcp;

/// <summary>One line of a dialogue, in packetdrill's words: <c>P. 1:101(100) ack 1 win 20000 &lt;nop,nop,TS val 5 ecr 7&gt;</c>.</summary>
internal sealed partial record TcpLine(TcpFlags Flags, uint Seq, int Length, uint? Ack, int? Win, int? Urg, TcpOptions? Options)
{
    private static readonly (char Letter, TcpFlags Flag)[] Letters =
    [
        ('S', TcpFlags.Syn), ('F', TcpFlags.Fin), ('R', TcpFlags.Rst), ('P', TcpFlags.Psh), ('U', TcpFlags.Urg), ('E', TcpFlags.Ece), ('W', TcpFlags.Cwr),
        ('.', TcpFlags.Ack),
    ];

    public static TcpLine Parse(string text)
    {
        var match = Pattern().Match(text);
        Assert.True(match.Success, $"no packet: {text}");
        var flags = Letters.Where(pair => match.Groups["flags"].Value.Contains(pair.Letter)).Aggregate(TcpFlags.None, (all, pair) => all | pair.Flag);
        return new TcpLine(
            flags, uint.Parse(match.Groups["seq"].Value, CultureInfo.InvariantCulture), Number(match, "len") ?? 0, (uint?)Number(match, "ack"),
            Number(match, "win"), Number(match, "urg"), match.Groups["options"].Success ? ParseOptions(match.Groups["options"].Value) : null);
    }

    public static TcpOptions ParseOptions(string text)
    {
        var options = default(TcpOptions);
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = item.Split(' ');
            switch (words[0])
            {
                case "mss":
                    (options.Present, options.Mss) = (options.Present | TcpOptionSet.Mss, ushort.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
                case "sackOK":
                    options.Present |= TcpOptionSet.SackPermitted;
                    break;
                case "wscale":
                    (options.Present, options.WindowScale) = (options.Present | TcpOptionSet.WindowScale, byte.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
                case "TS":
                    options.Present |= TcpOptionSet.Timestamps;
                    options.TimestampValue = uint.Parse(words[2], CultureInfo.InvariantCulture);
                    options.TimestampEcho = uint.Parse(words[4], CultureInfo.InvariantCulture);
                    break;
                case "sack":
                    options.Present |= TcpOptionSet.Sack;
                    foreach (var range in words[1..])
                    {
                        var ends = range.Split(':');
                        options.Sacks[options.SackCount++] = new SackBlock(
                            uint.Parse(ends[0], CultureInfo.InvariantCulture), uint.Parse(ends[1], CultureInfo.InvariantCulture));
                    }

                    break;
                case "FO":
                    options.Present |= TcpOptionSet.FastOpen;
                    if (words.Length > 1) options.FastOpen = FastOpenCookie.Read(Convert.FromHexString(words[1]), experimental: false);
                    break;
                default:
                    Assert.Equal("nop", words[0]);
                    break;
            }
        }

        return options;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (letter, flag) in Letters)
        {
            if ((Flags & flag) != 0) text.Append(letter);
        }

        text.Append(CultureInfo.InvariantCulture, $" {Seq}:{Seq + (uint)Length}({Length})");
        if (Ack is { } ack) text.Append(CultureInfo.InvariantCulture, $" ack {ack}");
        if (Win is { } win) text.Append(CultureInfo.InvariantCulture, $" win {win}");
        if (Urg is { } urg) text.Append(CultureInfo.InvariantCulture, $" urg {urg}");
        if (Options is { Present: not TcpOptionSet.None } options) text.Append(CultureInfo.InvariantCulture, $" <{Show(options)}>");
        return text.ToString();
    }

    public static string Show(in TcpOptions options)
    {
        var parts = new List<string>();
        if (options.Has(TcpOptionSet.Mss)) parts.Add($"mss {options.Mss}");
        if (options.Has(TcpOptionSet.SackPermitted)) parts.Add("sackOK");
        if (options.Has(TcpOptionSet.Timestamps)) parts.Add($"TS val {options.TimestampValue} ecr {options.TimestampEcho}");
        if (options.Has(TcpOptionSet.WindowScale)) parts.Add($"wscale {options.WindowScale}");
        if (options.Has(TcpOptionSet.Sack))
        {
            var blocks = "sack";
            for (var i = 0; i < options.SackCount; i++) blocks += $" {options.Sacks[i].Start}:{options.Sacks[i].End}";
            parts.Add(blocks);
        }

        if (options.Has(TcpOptionSet.FastOpen)) parts.Add(options.FastOpen.Length == 0 ? "FO" : $"FO {options.FastOpen.Value:x}");
        return string.Join(',', parts);
    }

    private static int? Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^(?<flags>[SFRPUEW.]+) (?<seq>\d+):\d+\((?<len>\d+)\)( ack (?<ack>\d+))?( win (?<win>\d+))?( urg (?<urg>\d+))?( <(?<options>[^>]*)>)?$")]
    private static partial Regex Pattern();
}
