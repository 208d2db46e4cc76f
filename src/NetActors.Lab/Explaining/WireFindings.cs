using NetActors.Lab.Tuning;
using NetActors.Scenarios;

namespace NetActors.Lab.Explaining;

/// <summary>Links that carry all they can.</summary>
internal static class WireFindings
{
    private const double Full = 0.95;
    private const int OverheadBytes = 24; // preamble, check sequence, gap (IEEE 802.3)

    /// <summary>What is to be found.</summary>
    public static IEnumerable<Bottleneck> Of(Evidence e)
    {
        var (scenario, seconds) = (e.Run.Scenario, e.Run.Window.Seconds);
        foreach (var (end, begin) in e.Run.End.All.Wires.Zip(e.Run.Begin.All.Wires))
        {
            var i = scenario.Wires.TakeWhile(w => end.Name != $"{w.A}>{w.B}" && end.Name != $"{w.B}>{w.A}").Count();
            if (i == scenario.Wires.Count || scenario.Wires[i] is not { Rate: > 0 } wire) continue; // a source's own, or as fast as one likes
            var bits = 8.0 * (end.DeliveredBytes - begin.DeliveredBytes + (OverheadBytes * (end.Delivered - begin.Delivered)));
            if (bits / seconds / wire.Rate < Full) continue;
            yield return new Bottleneck(BottleneckKind.Wire, end.Name, $"the link of {wire.Rate / 1e9:0.###} Gbit/s is {bits / seconds / wire.Rate:P0} full",
                [Knobs.Other("a link of four times the rate", $"wires[{i}].rate={wire.Rate * 4}bit")]);
        }

        foreach (var device in e.Host.Devices.Where(d => !scenario.Wires.Any(w => Ends(w, e.Host, d))))
        {
            var sources = scenario.Traffic.Select((t, i) => (t, i)).Where(p => p.t.To == new DevicePort(e.Host.Name, device.Name)).ToList();
            var bits = sources.Sum(p => 8.0 * (Grown(e, p.i, t => t.SentBytes) + (OverheadBytes * Grown(e, p.i, t => t.Sent))));
            if (bits / seconds / device.Speed < Full) continue;
            yield return new Bottleneck(BottleneckKind.Wire, device.Name, $"the link of {device.Speed / 1e9:0.###} Gbit/s is {bits / seconds / device.Speed:P0} full",
                [Knobs.Other("a link of four times the rate", $"hosts.{e.Host.Name}.devices.{device.Name}.speed={device.Speed * 4}bit")]);
        }
    }

    private static long Grown(Evidence e, int source, Func<Observe.TrafficSnapshot, long> counter) => counter(e.Run.End.All.Traffic[source]) - counter(e.Run.Begin.All.Traffic[source]);

    private static bool Ends(WireSettings wire, HostSettings host, DeviceSettings device)
    {
        var port = new DevicePort(host.Name, device.Name);
        return wire.A == port || wire.B == port;
    }
}
