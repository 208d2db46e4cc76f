using System.Globalization;

namespace NetActors.Script.Parsing;

/// <summary>The words for ICMP types and codes (packetdrill: icmp_packet.c; RFC 792, RFC 1122, RFC 1812, RFC 4443).</summary>
internal static class IcmpNames
{
    private static readonly (string Name, byte Value)[] V4Types =
    [
        ("echo_reply", 0), ("unreachable", 3), ("source_quench", 4), ("redirect", 5), ("echo_request", 8), ("time_exceeded", 11),
        ("parameter_problem", 12), ("timestamp_request", 13), ("timestamp_reply", 14), ("information_request", 15),
        ("information_reply", 16), ("address_mask_request", 17), ("address_mask_reply", 18),
    ];

    private static readonly (string Name, byte Value)[] V4Unreachable =
    [
        ("net_unreachable", 0), ("host_unreachable", 1), ("protocol_unreachable", 2), ("port_unreachable", 3), ("frag_needed", 4),
        ("source_route_failed", 5), ("net_unknown", 6), ("host_unknown", 7), ("source_host_isolated", 8), ("net_prohibited", 9),
        ("host_prohibited", 10), ("net_unreachable_for_tos", 11), ("host_unreachable_for_tos", 12), ("packet_filtered", 13),
        ("precedence_violation", 14), ("precedence_cutoff", 15),
    ];

    private static readonly (string Name, byte Value)[] V6Types =
    [
        ("unreachable", 1), ("packet_too_big", 2), ("time_exceeded", 3), ("parameter_problem", 4), ("echo_request", 128),
        ("echo_reply", 129),
    ];

    private static readonly (string Name, byte Value)[] V6Unreachable =
    [
        ("net_unreachable", 0), ("no_route", 0), ("admin_prohibited", 1), ("not_neighbour", 2), ("address_unreachable", 3),
        ("port_unreachable", 4),
    ];

    private static readonly (string Name, byte Value)[] V6TimeExceeded = [("exceeded_hop_limit", 0), ("exceeded_frag_time", 1)];

    private static readonly (string Name, byte Value)[] V6ParameterProblem =
        [("header_field", 0), ("unknown_next_header", 1), ("unknown_option", 2)];

    /// <summary>The names of the types.</summary>
    public static IEnumerable<string> Types(bool ipv6) => (ipv6 ? V6Types : V4Types).Select(static entry => entry.Name);

    /// <summary>The names of the codes of a type.</summary>
    public static IEnumerable<string> Codes(string type, bool ipv6) => CodeTable(type, ipv6).Select(static entry => entry.Name);

    /// <summary>The type by name, or <c>type_N</c>. False for any other word.</summary>
    public static bool TryGetType(string name, bool ipv6, out byte type) => TryGet(ipv6 ? V6Types : V4Types, name, "type_", out type);

    /// <summary>The code of a type by name, or <c>code_N</c>. False for any other word.</summary>
    public static bool TryGetCode(string type, string name, bool ipv6, out byte code) =>
        TryGet(CodeTable(type, ipv6), name, "code_", out code);

    private static (string Name, byte Value)[] CodeTable(string type, bool ipv6) => (type, ipv6) switch
    {
        ("unreachable", false) => V4Unreachable,
        ("unreachable", true) => V6Unreachable,
        ("time_exceeded", true) => V6TimeExceeded,
        ("parameter_problem", true) => V6ParameterProblem,
        _ => [],
    };

    private static bool TryGet((string Name, byte Value)[] table, string name, string prefix, out byte value)
    {
        if (name.StartsWith(prefix, StringComparison.Ordinal))
            return byte.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out value);
        var index = Array.FindIndex(table, entry => entry.Name == name);
        value = index < 0 ? (byte)0 : table[index].Value;
        return index >= 0;
    }
}
