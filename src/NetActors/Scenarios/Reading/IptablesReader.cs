using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads a host's rules of iptables: those of table raw, chain PREROUTING.</summary>
internal static class IptablesReader
{
    private const string Form = "`-t raw -A PREROUTING [-p udp|tcp|icmp] [-s PREFIX] [-d PREFIX] [--dport PORT] -j DROP|ACCEPT`";

    /// <summary>The rules; those with faults are left out.</summary>
    public static List<RawRuleSettings> ReadAll(IReadOnlyList<SettingNode> items, FaultList faults)
    {
        var rules = new List<RawRuleSettings>();
        foreach (var item in items)
        {
            if ((item as ScalarNode)?.Text is { } text && Read(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { } rule) rules.Add(rule);
            else faults.Add(item.Place, $"a rule of iptables is here {Form}");
        }

        return rules;
    }

    private static RawRuleSettings? Read(string[] words)
    {
        var (table, chain, target) = ("", "", "");
        var rule = new RawRuleSettings(null, null, null, null, false);
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            var value = words[i + 1];
            switch (words[i])
            {
                case "-t" when table.Length == 0: table = value; break;
                case "-A" when chain.Length == 0: chain = value; break;
                case "-j" when target.Length == 0: target = value; break;
                case "-p" when rule.Protocol is null && ProtocolOf(value) is { } protocol: rule = rule with { Protocol = protocol }; break;
                case "-s" when rule.Source is null && PrefixOf(value) is { } source: rule = rule with { Source = source }; break;
                case "-d" when rule.Destination is null && PrefixOf(value) is { } destination: rule = rule with { Destination = destination }; break;
                case "--dport" when rule.DestinationPort is null && ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port):
                    rule = rule with { DestinationPort = port };
                    break;
                default: return null;
            }
        }

        var isWhole = words.Length % 2 == 0 && table == "raw" && chain == "PREROUTING" && target is "DROP" or "ACCEPT";
        if (!isWhole || (rule.DestinationPort is not null && rule.Protocol is not (6 or 17))) return null;
        return rule with { Drops = target == "DROP" };
    }

    private static byte? ProtocolOf(string word) => word switch
    {
        "udp" => 17,
        "tcp" => 6,
        "icmp" => 1,
        _ => null,
    };

    private static Ipv4Prefix? PrefixOf(string word)
    {
        var read = Values.Prefix(word.Contains('/', StringComparison.Ordinal) ? word : word + "/32");
        return read.Fault is null ? read.Value : null;
    }
}
