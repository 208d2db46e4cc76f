using System.Globalization;
using NetActors.Observe;

namespace NetActors.Lab.Connections;

/// <summary>Keeps connections over time, for a picture of one of them (kernel: what <c>tcp:tcp_probe</c> tells).</summary>
/// <param name="hosts">The hosts' names by index.</param>
/// <param name="wanted">A part of the name of the connections to keep; null for all.</param>
internal sealed class ConnectionTraces(IReadOnlyList<string> hosts, string? wanted = null) : ITcpProbeSink
{
    /// <summary>Most connections that are kept; later ones are not.</summary>
    public const int Most = 256;

    private readonly Dictionary<(int Host, uint Local, ushort LocalPort, uint Remote, ushort RemotePort), ConnectionTrace?> _traces = [];
    private readonly List<ConnectionTrace> _kept = [];

    /// <summary>Connections seen that are not kept since others came before.</summary>
    public int Beyond { get; private set; }

    /// <summary>Those kept, in the order in which they came.</summary>
    public IReadOnlyList<ConnectionTrace> Kept => _kept;

    /// <summary>The one that sent most, by what was acknowledged; the first of several. Null when none is kept.</summary>
    public ConnectionTrace? Busiest => _kept.MaxBy(trace => trace.Acknowledged);

    /// <inheritdoc />
    public void Take(in TcpProbeEvent e)
    {
        var key = (e.Host, e.LocalAddress, e.LocalPort, e.RemoteAddress, e.RemotePort);
        if (!_traces.TryGetValue(key, out var trace))
        {
            if (_traces.Count >= Most * Most) return; // who watches that many sees enough
            var name = $"{hosts[e.Host]} {End(e.LocalAddress, e.LocalPort)} > {End(e.RemoteAddress, e.RemotePort)}";
            var isWanted = wanted is null || name.Contains(wanted, StringComparison.Ordinal);
            if (isWanted && _kept.Count < Most) _kept.Add(trace = new ConnectionTrace(name));
            else if (isWanted) Beyond++;
            _traces.Add(key, trace);
        }

        trace?.Add(e);
    }

    private static string End(uint address, ushort port) => string.Create(
        CultureInfo.InvariantCulture, $"{(byte)(address >> 24)}.{(byte)(address >> 16)}.{(byte)(address >> 8)}.{(byte)address}:{port}");
}
