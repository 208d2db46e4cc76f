using System.Net;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads flow rules in the words of <c>ethtool -N</c>.</summary>
internal static class NtupleReader
{
    private const int MostLocation = 8191;
    private static readonly string[] Keywords = ["src-ip", "dst-ip", "src-port", "dst-port", "vlan", "action", "loc"];

    /// <summary>The rules by location; those with faults are left out.</summary>
    public static List<NtupleSettings> ReadAll(IReadOnlyList<SettingNode> items, int queues, FaultList faults)
    {
        var rules = new SortedDictionary<int, NtupleSettings>();
        foreach (var item in items)
        {
            var words = new WordReader(item, "a flow rule", faults);
            if (words.Faulty) continue;
            var rule = Read(words, queues);
            if (words.Faulty) continue;
            if (rule.Location < 0) rule = rule with { Location = Enumerable.Range(0, rules.Count + 1).First(at => !rules.ContainsKey(at)) };
            if (!rules.TryAdd(rule.Location, rule)) faults.Add(item.Place, $"location {rule.Location} is taken by another rule");
        }

        return [.. rules.Values];
    }

    private static NtupleSettings Read(WordReader words, int queues)
    {
        var first = words.Take("flow-type");
        if (first != "flow-type") words.FailUnknown(first, ["flow-type"]);
        var rule = new NtupleSettings
        {
            FlowType = words.Take("a flow type", text => Values.Choice(text,
                [("udp4", NtupleFlowType.Udp4), ("tcp4", NtupleFlowType.Tcp4), ("ip4", NtupleFlowType.Ip4)]), NtupleFlowType.Ip4),
            Action = int.MinValue,
            Location = -1,
        };
        while (words.More && !words.Faulty) rule = Field(words, rule, queues);
        if (!words.Faulty && rule.Action == int.MinValue) words.Fail("`action` is missing: a queue, or -1 to drop");
        return rule;
    }

    private static NtupleSettings Field(WordReader words, NtupleSettings rule, int queues)
    {
        var field = words.Take("a field");
        if (field is "src-port" or "dst-port" && rule.FlowType == NtupleFlowType.Ip4)
            words.Fail("ip4 has no ports: flow-type udp4 or tcp4");
        switch (field)
        {
            case "src-ip": return rule with { SourceIp = Address(words), SourceIpMask = AddressMask(words) };
            case "dst-ip": return rule with { DestinationIp = Address(words), DestinationIpMask = AddressMask(words) };
            case "src-port": return rule with { SourcePort = Port(words), SourcePortMask = PortMask(words) };
            case "dst-port": return rule with { DestinationPort = Port(words), DestinationPortMask = PortMask(words) };
            case "vlan": return rule with { Vlan = Number(words, "a VLAN", 0, 4095) };
            case "action": return rule with { Action = Number(words, "a queue", NtupleSettings.WakeOnLan, queues - 1) };
            case "loc": return rule with { Location = Number(words, "a location", 0, MostLocation) };
            default:
                words.FailUnknown(field, Keywords);
                return rule;
        }
    }

    private static IPAddress Address(WordReader words) => words.Take("an address", Values.Address, IPAddress.Any);

    private static int Port(WordReader words) => Number(words, "a port", 0, ushort.MaxValue);

    // ethtool's masks name the bits that do not count (ethtool's rxclass.c inverts them)
    private static uint AddressMask(WordReader words) => Masked(words) ? ~Ipv4Prefix.ToNumber(Address(words)) : uint.MaxValue;

    private static int PortMask(WordReader words) => Masked(words) ? ~Port(words) & ushort.MaxValue : ushort.MaxValue;

    private static bool Masked(WordReader words) => words.Peek == "m" && words.Take("m") == "m";

    private static int Number(WordReader words, string what, int least, int most) =>
        words.Take(what, text => Values.Whole(text, least, most).Then(n => (int)n), least);
}
