using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>Everything that a simulation consists of, before and beside its actors.</summary>
internal sealed class SimulationPlan
{
    public List<Host> Hosts { get; } = [];

    public List<PlannedCard> Cards { get; } = [];

    public List<PlannedWire> Wires { get; } = [];

    public List<PlannedTraffic> Traffic { get; } = [];

    public List<LatencyHistogram> Latency { get; } = [];

    public List<SkbPool> Pools { get; } = [];

    public List<DropCapture> DropCaptures { get; } = [];

    public TraceNames Names { get; set; } = new();

    public long OutstandingPackets
    {
        get
        {
            var outstanding = 0L;
            foreach (var pool in Pools) outstanding += pool.Outstanding;
            return outstanding;
        }
    }

    /// <summary>Creates the actors of cards and wires.</summary>
    public void CreateHardware(SimulationSystem system)
    {
        foreach (var wire in Wires) system.Create(WireActor.Props(system.Layer, wire.Ends), wire.ActorName);
        foreach (var card in Cards)
            system.Create(NicActor.Props(card.Device, system.Layer, card.Source, card.Incoming), $"nic-{card.Host.Name}-{card.Device.Name}");
    }

    /// <summary>Nothing is captured or traced from now on.</summary>
    public void EndObservation()
    {
        foreach (var host in Hosts)
        {
            foreach (var device in host.Stack.Devices) device.Capture = null;
            foreach (var cpu in host.Cpus) (cpu.Trace, cpu.TcpProbe) = (null, null);
        }

        foreach (var drops in DropCaptures) drops.End();
    }

    /// <summary>
    /// Gives back what waits in queues when every actor has stopped: what none of them owns, and what one of them filled after its
    /// reader had gone.
    /// </summary>
    public void ReleaseAll(KernelTime now)
    {
        foreach (var end in Wires.SelectMany(w => w.Ends)) end.Outgoing.Release(now);
        foreach (var host in Hosts)
        {
            foreach (var nic in host.Nics) nic.Shutdown();
            foreach (var cpu in host.Cpus) cpu.Softnet.Release(SkbDropReason.HOST_SHUTDOWN);
            foreach (var socket in host.DatagramSockets) socket.Release(SkbDropReason.HOST_SHUTDOWN);
            foreach (var task in host.Tasks) task.Program.OnStop();
            host.Stack.ReleaseShared(SkbDropReason.HOST_SHUTDOWN);
            host.Stack.Fragments.Clear(SkbDropReason.HOST_SHUTDOWN);
            for (var n = host.Stack.Neighbours.First; n is not null; n = Neighbours.NeighbourTable.Next(n))
            {
                while (n.TryDequeue(out var skb)) skb.Free(SkbDropReason.HOST_SHUTDOWN);
            }
        }
    }
}

/// <summary>A card, where its frames come from, and the wire that it may ask to pause.</summary>
internal sealed record PlannedCard(Host Host, NicDevice Device, IFrameSource Source, WireModel? Incoming);

/// <summary>A wire with its directions' names.</summary>
internal sealed record PlannedWire(string Name, string ActorName, WireEnd[] Ends, string[] Directions);

/// <summary>A source of traffic.</summary>
internal sealed record PlannedTraffic(string Name, IFrameSource Source, NicDevice To, int Flows);
