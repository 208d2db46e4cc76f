using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>A rule: values under masks that a packet must have.</summary>
/// <param name="Protocol">IP protocol; -1 for any.</param>
/// <param name="Source">Source address, and its mask.</param>
/// <param name="Destination">Destination address, and its mask.</param>
/// <param name="Port">Destination port; -1 for any.</param>
/// <param name="Drops">What becomes of a packet that matches.</param>
internal readonly record struct RawRule(int Protocol, (uint Value, uint Mask) Source, (uint Value, uint Mask) Destination, int Port, bool Drops);

/// <summary>
/// Table raw of iptables at PREROUTING: drops packets before anything is looked up for them (kernel: <c>iptable_raw</c>, <c>ipt_do_table</c>). The
/// first rule that matches decides; the policy is ACCEPT. The hook is a part of what <c>IpReceive</c> costs.
/// </summary>
/// <param name="rules">The rules in their order.</param>
internal sealed class RawTable(IReadOnlyList<RawRule> rules)
{
    private const int Udp = 17;
    private const int Tcp = 6;
    private readonly RawRule[] _rules = [.. rules];

    /// <summary>There are none.</summary>
    public static RawTable Empty { get; } = new([]);

    /// <summary>Whether a packet whose header <c>ip_rcv</c> has checked is dropped.</summary>
    public bool Drops(SkBuff skb)
    {
        if (_rules.Length == 0 || !Ipv4Header.TryParse(skb.Data, out var header)) return false;
        foreach (ref readonly var rule in _rules.AsSpan())
        {
            if (rule.Protocol >= 0 && rule.Protocol != header.Protocol) continue;
            if (((header.SourceAddress ^ rule.Source.Value) & rule.Source.Mask) != 0 || ((header.DestinationAddress ^ rule.Destination.Value) & rule.Destination.Mask) != 0) continue;
            if (rule.Port >= 0 && PortOf(skb, header.HeaderLength, header.Protocol) != rule.Port) continue;
            return rule.Drops;
        }

        return false;
    }

    private static int PortOf(SkBuff skb, int headerBytes, int protocol)
    {
        var data = skb.Data;
        return protocol is Udp or Tcp && data.Length >= headerBytes + 4 ? (data[headerBytes + 2] << 8) | data[headerBytes + 3] : -1;
    }
}
