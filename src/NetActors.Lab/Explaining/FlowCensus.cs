using System.Runtime.InteropServices;
using NetActors.Observe;

namespace NetActors.Lab.Explaining;

/// <summary>
/// Counts packets by CPU and flow hash on one host: where the driver took them off their ring (<c>napi_gro_receive</c>), and where the
/// protocols had them (<c>netif_receive_skb</c>).
/// </summary>
/// <param name="host">The host's place in the scenario.</param>
internal sealed class FlowCensus(int host) : ITraceSink
{
    private const int MostFlows = 1 << 16;
    private readonly Dictionary<(TracePoint Point, short Cpu, uint Hash), long> _packets = [];

    /// <inheritdoc />
    public void Emit(in TraceEvent e)
    {
        if (e.Host != host || e.Point is not (TracePoint.napi_gro_receive or TracePoint.netif_receive_skb)) return;
        var key = (e.Point, e.Cpu, e.FlowHash);
        if (_packets.Count >= MostFlows && !_packets.ContainsKey(key)) key.FlowHash = 0; // the rest is one flow that nobody is told of
        CollectionsMarshal.GetValueRefOrAddDefault(_packets, key, out _)++;
    }

    /// <summary>Packets of each flow that the CPU's protocols had; where they had none, that its driver took. Packets without a hash are left out.</summary>
    public IReadOnlyList<long> FlowsOn(int cpu)
    {
        var flows = Of(TracePoint.netif_receive_skb, cpu);
        return flows.Count > 0 ? flows : Of(TracePoint.napi_gro_receive, cpu);
    }

    /// <summary>Packets that the CPU's driver took.</summary>
    public long TakenOn(int cpu) => _packets.Where(p => p.Key.Point == TracePoint.napi_gro_receive && p.Key.Cpu == cpu).Sum(p => p.Value);

    /// <summary>Flows on the whole host.</summary>
    public int Flows => _packets.Keys.Where(k => k.Hash != 0).Select(k => k.Hash).Distinct().Count();

    private List<long> Of(TracePoint point, int cpu) =>
        [.. _packets.Where(p => p.Key.Point == point && p.Key.Cpu == cpu && p.Key.Hash != 0).Select(p => p.Value).OrderDescending()];
}
