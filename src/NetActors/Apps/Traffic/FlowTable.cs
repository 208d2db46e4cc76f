using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>
/// Different flows, drawn at random from a <see cref="FlowSpace"/>: the same seed gives the same flows in the same order.
/// </summary>
public sealed class FlowTable
{
    private readonly TrafficFlow[] _flows;

    /// <summary>The given flows.</summary>
    public FlowTable(ReadOnlySpan<TrafficFlow> flows) => _flows = flows.ToArray();

    /// <summary>Number of flows.</summary>
    public int Count => _flows.Length;

    /// <summary>Flow number <paramref name="index"/>, from 0.</summary>
    public TrafficFlow this[int index] => _flows[index];

    /// <summary>
    /// <paramref name="flows"/> different flows. They are drawn and not counted up, since hashes such as Toeplitz are linear and spread
    /// neighbouring ports too well or too badly.
    /// </summary>
    /// <exception cref="ArgumentException">The space has fewer than twice as many.</exception>
    public static FlowTable Draw(int flows, ulong seed, FlowSpace? space = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(flows, 1);
        space ??= new FlowSpace();
        if (flows > 1 && space.Size < (UInt128)flows * 2)
            throw new ArgumentException("the space needs twice as many flows as are drawn", nameof(space));
        var random = KernelRandom.For(seed, "flows");
        var drawn = new HashSet<TrafficFlow>(flows);
        var table = new TrafficFlow[flows];
        for (var i = 0; i < flows;)
        {
            var flow = new TrafficFlow(
                space.FirstSource + random.NextBelow((uint)space.Sources),
                (ushort)(space.FirstSourcePort + random.NextBelow((uint)space.SourcePorts)),
                space.FirstDestination + random.NextBelow((uint)space.Destinations),
                (ushort)(space.FirstDestinationPort + random.NextBelow((uint)space.DestinationPorts)));
            if (drawn.Add(flow)) table[i++] = flow;
        }

        return new FlowTable(table);
    }
}
