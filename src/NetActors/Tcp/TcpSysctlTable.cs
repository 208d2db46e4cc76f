using System.Collections.Frozen;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>TCP's settings by name, to be read and set while the host runs (kernel: <c>ipv4_net_table</c>).</summary>
internal static class TcpSysctlTable
{
    private static readonly FrozenDictionary<string, TcpSysctl> Entries = TcpSysctlList.Build().ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Entries.Keys.Order(StringComparer.Ordinal);

    /// <summary>All settings, by name.</summary>
    public static IEnumerable<TcpSysctl> All => Names.Select(name => Entries[name]);

    /// <summary>Reads a setting as /proc prints it. False when there is none of this name.</summary>
    public static bool TryGet(TcpHost host, string name, out string value)
    {
        var found = Entries.TryGetValue(name, out var entry);
        value = found ? entry!.Get(host) : "";
        return found;
    }

    /// <summary>Sets a setting: ENOENT when there is none of this name, EINVAL for a value it does not take.</summary>
    public static Errno Set(TcpHost host, string name, string value) =>
        Entries.TryGetValue(name, out var entry) ? entry.Set(host, value.Trim()) ? Errno.None : Errno.EINVAL : Errno.ENOENT;

    /// <summary>What a host has when nobody sets anything, by which the defaults of 6.x are told.</summary>
    public static TcpHost Untouched() => new(new KernelRandom(0), TcpSysctls.Default, Jiffies.Exact, shared: false);
}
