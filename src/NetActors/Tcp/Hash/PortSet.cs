using System.Globalization;

namespace NetActors.Tcp;

/// <summary>A set of ports, written as Linux writes it: "8080,9148-9150" (kernel: <c>proc_do_large_bitmap</c>).</summary>
public sealed class PortSet
{
    /// <summary>No port.</summary>
    public static readonly PortSet Empty = new();

    private readonly ulong[] _bits = new ulong[1024];

    /// <summary>True for a port of the set.</summary>
    public bool Contains(ushort port) => (_bits[port >> 6] >> (port & 63) & 1) != 0;

    /// <summary>These ports.</summary>
    internal static PortSet Of(IEnumerable<long> ports)
    {
        var set = new PortSet();
        foreach (var port in ports) set._bits[port >> 6] |= 1UL << (int)(port & 63);
        return set;
    }

    /// <summary>Reads ports and ranges divided by commas; blanks around them do not count. False for anything else.</summary>
    public static bool TryParse(string text, out PortSet ports)
    {
        ports = new PortSet();
        if (string.IsNullOrWhiteSpace(text)) return true;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryPort(dash < 0 ? part : part[..dash], out var first)) return false;
            var last = first;
            if (dash >= 0 && (!TryPort(part[(dash + 1)..], out last) || last < first)) return false;
            for (int port = first; port <= last; port++) ports._bits[port >> 6] |= 1UL << (port & 63);
        }

        return true;
    }

    private static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
