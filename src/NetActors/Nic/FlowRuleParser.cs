using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace NetActors.Nic;

/// <summary>Reads rules as the ethtool program does: "flow-type udp4 dst-port 53 action 2 loc 1" (ethtool's rxclass.c).</summary>
public static class FlowRuleParser
{
    /// <summary>Reads a rule. Refused with the word that does not fit.</summary>
    /// <param name="words">The words after <c>ethtool -N DEV</c>.</param>
    /// <param name="rule">The rule; its location is <see cref="FlowRuleLocation.Any"/> without <c>loc</c>.</param>
    public static EthtoolResult TryParse(string words, out FlowRule rule)
    {
        rule = new FlowRule { Location = FlowRuleLocation.Any };
        var word = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (word.Length < 2 || word[0] != "flow-type")
            return EthtoolResult.Invalid("a rule begins with 'flow-type' and a type, such as udp4");
        if (!FlowTypes.TryParse(word[1], out var type))
            return EthtoolResult.Invalid($"there is no flow type '{word[1]}'; use ether, ip4, tcp4, udp4, sctp4, ah4, esp4 or those with 6");
        rule = rule with { Type = type };
        var hasAction = false;
        for (var i = 2; i < word.Length;)
        {
            var key = word[i++];
            if (i == word.Length) return EthtoolResult.Invalid($"'{key}' lacks a value");
            var value = word[i++];
            string? mask = null;
            if (i < word.Length && word[i] == "m")
            {
                if (i + 1 == word.Length) return EthtoolResult.Invalid($"the mask of '{key}' lacks a value");
                mask = word[i + 1];
                i += 2;
            }

            hasAction |= key is "action" or "context";
            var answer = Apply(key, value, mask, ref rule);
            if (!answer.Ok) return answer;
        }

        return hasAction ? EthtoolResult.Success : EthtoolResult.Invalid("a rule needs an action: a queue, -1 to drop, or a context");
    }

    private static EthtoolResult Apply(string key, string value, string? mask, ref FlowRule rule)
    {
        var type = rule.Type;
        var isKnown = key switch
        {
            "action" or "loc" or "context" => mask is null,
            "src-ip" or "dst-ip" or "l4proto" => type != FlowType.Ether,
            "src-port" or "dst-port" => type.HasPorts(),
            "src" or "dst" or "proto" => type == FlowType.Ether,
            "vlan" or "dst-mac" => true,
            _ => false,
        };
        if (!isKnown) return EthtoolResult.Invalid($"'{key}' does not go with flow type {type.Name()}");
        switch (key)
        {
            case "action" when TryNumber(value, out int queue): rule = rule with { Queue = queue }; return EthtoolResult.Success;
            case "context" when TryNumber(value, out int context): rule = rule with { Context = context }; return EthtoolResult.Success;
            case "loc" when value is "any" or "first" or "last":
                rule = rule with { Location = value == "any" ? FlowRuleLocation.Any : value == "first" ? FlowRuleLocation.First : FlowRuleLocation.Last };
                return EthtoolResult.Success;
            case "loc" when TryNumber(value, out int location) && location >= 0:
                rule = rule with { Location = location };
                return EthtoolResult.Success;
            case "src-ip" when TryAddress(type, value, mask, out var source):
                rule = rule with { SourceAddress = source };
                return EthtoolResult.Success;
            case "dst-ip" when TryAddress(type, value, mask, out var target):
                rule = rule with { DestinationAddress = target };
                return EthtoolResult.Success;
            case "src-port" when TryMasked<ushort>(value, mask, out var port):
                rule = rule with { Ports = new(rule.Ports.Value | ((uint)port.Value << 16), rule.Ports.Mask | ((uint)port.Mask << 16)) };
                return EthtoolResult.Success;
            case "dst-port" when TryMasked<ushort>(value, mask, out var port):
                rule = rule with { Ports = new(rule.Ports.Value | port.Value, rule.Ports.Mask | port.Mask) };
                return EthtoolResult.Success;
            case "l4proto" when TryMasked<byte>(value, mask, out var protocol):
                rule = rule with { Protocol = protocol };
                return EthtoolResult.Success;
            case "proto" when TryMasked<ushort>(value, mask, out var etherType):
                rule = rule with { EtherType = etherType };
                return EthtoolResult.Success;
            case "vlan" when TryMasked<ushort>(value, mask, out var vlan): rule = rule with { Vlan = vlan }; return EthtoolResult.Success;
            case "dst" or "dst-mac" when TryMac(value, mask, out var mac):
                rule = rule with { DestinationMac = mac };
                return EthtoolResult.Success;
            case "src" when TryMac(value, mask, out var mac): rule = rule with { SourceMac = mac }; return EthtoolResult.Success;
            default: return EthtoolResult.Invalid($"'{key} {value}{(mask is null ? "" : " m " + mask)}' is not a value of that field");
        }
    }

    private static bool TryNumber<T>(string text, out T number)
        where T : IBinaryInteger<T> => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? T.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number!)
            : T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number!);

    private static bool TryMasked<T>(string value, string? mask, out Masked<T> masked)
        where T : struct, IBinaryInteger<T>
    {
        var ignored = T.Zero;
        var isRead = TryNumber(value, out T wanted) && (mask is null || TryNumber(mask, out ignored));
        masked = new Masked<T>(wanted, ~ignored);
        return isRead;
    }

    private static bool TryAddress(FlowType type, string value, string? mask, out Masked<UInt128> masked)
    {
        var ignored = UInt128.Zero;
        var isRead = TryAddress(type, value, out var wanted) && (mask is null || TryAddress(type, mask, out ignored));
        masked = new Masked<UInt128>(wanted, ~ignored & (type.IsIPv6() ? UInt128.MaxValue : uint.MaxValue));
        return isRead;
    }

    private static bool TryAddress(FlowType type, string text, out UInt128 address)
    {
        address = 0;
        Span<byte> bytes = stackalloc byte[16];
        if (!IPAddress.TryParse(text, out var parsed) || !parsed.TryWriteBytes(bytes, out var count)) return false;
        address = count == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return count == (type.IsIPv6() ? 16 : 4);
    }

    private static bool TryMac(string value, string? mask, out Masked<ulong> masked)
    {
        var ignored = 0UL;
        var isRead = MacFilter.TryParse(value, out var wanted) && (mask is null || MacFilter.TryParse(mask, out ignored));
        masked = new Masked<ulong>(wanted, ~ignored & MacFilter.Broadcast);
        return isRead;
    }
}
