using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads the kinds of values that stand in more than one place.</summary>
internal static class Values
{
    /// <summary>A whole number, written in decimal or as 0x...</summary>
    public static Reading<long> Whole(string text, long least, long most)
    {
        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var good = hex
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        if (!good) return Reading<long>.Bad($"`{Words.Cut(text)}` is no whole number: {least} to {most}");
        return value < least || value > most ? Reading<long>.Bad($"{text} is out of range: {least} to {most}") : value;
    }

    /// <summary><c>on</c> or <c>off</c>; also YAML's words for them and the 1 and 0 of sysfs.</summary>
    public static Reading<bool> Switch(string text) => text switch
    {
        "on" or "true" or "yes" or "1" => true,
        "off" or "false" or "no" or "0" => false,
        _ => Reading<bool>.Bad($"`{Words.Cut(text)}` is neither on nor off", NearestName.Of(text, ["on", "off"])),
    };

    /// <summary>One of a few words.</summary>
    public static Reading<T> Choice<T>(string text, IReadOnlyList<(string Word, T Value)> words)
    {
        foreach (var (word, value) in words)
            if (word == text)
                return value;
        var names = words.Select(w => w.Word).ToList();
        return Reading<T>.Bad($"`{Words.Cut(text)}` is not {Words.Or(names)}", text.All(char.IsAsciiDigit) ? null
            : NearestName.Of(text, names));
    }

    /// <summary>An IPv4 address in dotted form, all four numbers.</summary>
    public static Reading<IPAddress> Address(string text)
    {
        if (text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out var address)
            && address.AddressFamily == AddressFamily.InterNetwork)
            return address;
        return Reading<IPAddress>.Bad(text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _)
            ? $"`{Words.Cut(text)}` is IPv6, which is not emulated yet"
            : $"`{Words.Cut(text)}` is no IPv4 address, such as 10.0.0.1");
    }

    /// <summary>An IPv4 prefix; a bare address is a /32 (as <c>ip route</c> reads it).</summary>
    public static Reading<Ipv4Prefix> Prefix(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = Address(slash < 0 ? text : text[..slash]);
        if (address.Fault is not null) return Reading<Ipv4Prefix>.Bad(address.Fault);
        if (slash < 0) return new Ipv4Prefix(address.Value!, 32);
        var length = Whole(text[(slash + 1)..], 0, 32);
        return length.Fault is null
            ? new Ipv4Prefix(address.Value!, (int)length.Value)
            : Reading<Ipv4Prefix>.Bad($"the prefix length of `{Words.Cut(text)}` is not 0 to 32", at: slash + 1);
    }

    /// <summary>An Ethernet address with colons that a device may have: no group, not zero (kernel: <c>is_valid_ether_addr</c>).</summary>
    public static Reading<PhysicalAddress> Mac(string text)
    {
        var bytes = text.Split(':');
        if (bytes.Length != 6 || !bytes.All(b => b.Length == 2 && b.All(char.IsAsciiHexDigit)))
            return Reading<PhysicalAddress>.Bad($"`{Words.Cut(text)}` is no Ethernet address, such as 02:00:00:00:00:01");
        var address = Convert.FromHexString(string.Concat(bytes));
        if ((address[0] & 1) != 0) return Reading<PhysicalAddress>.Bad($"{text} is a group address: a device needs an even first byte");
        return address.All(b => b == 0) ? Reading<PhysicalAddress>.Bad($"{text} is the zero address") : new PhysicalAddress(address);
    }

    /// <summary>An address and a port or range of ports: <c>10.0.0.1:9000</c>, <c>10.0.0.1:9000-9063</c>.</summary>
    public static Reading<EndpointRange> Endpoints(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) return Reading<EndpointRange>.Bad($"`{Words.Cut(text)}` needs an address and a port, such as 10.0.0.1:9000");
        var address = Address(text[..colon]);
        if (address.Fault is not null) return Reading<EndpointRange>.Bad(address.Fault);
        var ports = Ports(text[(colon + 1)..]);
        return ports.Fault is null
            ? new EndpointRange(address.Value!, ports.Value)
            : Reading<EndpointRange>.Bad(ports.Fault, ports.Suggestion is null ? null : text[..(colon + 1)] + ports.Suggestion, colon + 1);
    }

    /// <summary>An address and one port.</summary>
    public static Reading<IPEndPoint> Endpoint(string text)
    {
        var range = Endpoints(text);
        if (range.Fault is not null) return Reading<IPEndPoint>.Bad(range.Fault, range.Suggestion, range.At);
        return range.Value!.Ports.Count == 1
            ? new IPEndPoint(range.Value.Address, range.Value.Ports.First)
            : Reading<IPEndPoint>.Bad($"`{text}` names several ports: one is needed here");
    }

    /// <summary>A port, or two with a dash between.</summary>
    public static Reading<PortRange> Ports(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = Whole(dash < 0 ? text : text[..dash], 0, 65535);
        var last = dash < 0 ? first : Whole(text[(dash + 1)..], 0, 65535);
        if (first.Fault is not null
            || last.Fault is not null)
            return Reading<PortRange>.Bad($"`{Words.Cut(text)}` is no port or range of ports: 0 to 65535");
        return first.Value <= last.Value
            ? new PortRange((int)first.Value, (int)last.Value)
            : Reading<PortRange>.Bad($"the ports of `{text}` run backwards", $"{last.Value}-{first.Value}");
    }
}
