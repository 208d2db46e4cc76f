using System.Globalization;

namespace NetActors.Observe;

/// <summary>A group of counters as /proc/net/snmp and netstat print it: a line of names, then a line of values.</summary>
internal static class MibGroup
{
    /// <summary>Writes both lines.</summary>
    public static void Write(TextWriter writer, string prefix, IReadOnlyList<string> names, Func<string, long> value)
    {
        writer.Write($"{prefix}: {string.Join(' ', names)}\n");
        writer.Write($"{prefix}: {string.Join(' ', names.Select(name => value(name).ToString(CultureInfo.InvariantCulture)))}\n");
    }
}
