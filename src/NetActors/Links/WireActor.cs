using Akka.Actor;
using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Links;

/// <summary>What <see cref="WireActor"/> is told.</summary>
internal static class WireProtocol
{
    /// <summary>Packets wait in a transmit ring of <paramref name="From"/>.</summary>
    public sealed record Doorbell(NicDevice From, int Queue);

    /// <summary>Look at the rings of an end again.</summary>
    public sealed record Look(WireEnd End);

    /// <summary>Look at what the far end without a host received.</summary>
    public sealed record Sink
    {
        public static readonly Sink Instance = new();
    }
}

/// <summary>One end of a wire: the card that sends into it and the model of that direction.</summary>
internal sealed class WireEnd(NicDevice device, WireModel outgoing, NicDevice? peer)
{
    public NicDevice Device => device;

    public WireModel Outgoing => outgoing;

    public NicDevice? Peer => peer;

    /// <summary>Whose frame is next.</summary>
    public TxArbiter Arbiter { get; } = new(device.TxQueues);

    /// <summary>Queues whose packets were sent in the fetching at hand.</summary>
    public List<int> Done { get; } = [];

    /// <summary>When the wire looks at the rings again by itself.</summary>
    public KernelTime LooksAt { get; set; } = KernelTime.Never;
}

/// <summary>
/// A cable: fetches frames from the transmit rings as fast as its rate allows and tells the far card of those on their way. An end without
/// a peer belongs to a traffic source, which takes what comes and counts it.
/// </summary>
internal sealed class WireActor(ExecutionLayer layer, WireEnd[] ends) : UntypedActor
{
    private const int FetchAhead = 4; // frames that the card holds ready beyond the one on the line
    private readonly WireProtocol.Look[] _looks = [.. ends.Select(e => new WireProtocol.Look(e))];

    public static Props Props(ExecutionLayer layer, WireEnd[] ends) =>
        Akka.Actor.Props.Create(() => new WireActor(layer, ends)).WithDispatcher("device");

    protected override void PreStart()
    {
        foreach (var end in ends) end.Device.Wire = Self;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WireProtocol.Doorbell(var from, var queue):
                var end = ReferenceEquals(ends[0].Device, from) ? ends[0] : ends[1];
                end.Arbiter.Ring(queue);
                Fetch(end);
                break;
            case WireProtocol.Look(var looked):
                if (looked.LooksAt <= layer.Now) looked.LooksAt = KernelTime.Never;
                Fetch(looked);
                break;
            case WireProtocol.Sink: Drain(); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        foreach (var end in ends) end.Outgoing.Release(layer.Now);
    }

    private void Fetch(WireEnd end)
    {
        var now = layer.Now;
        var sent = false;
        while (true)
        {
            if (end.Outgoing.WaitingFrames(now) >= Math.Min(FetchAhead, end.Outgoing.Settings.QueueFrames))
            {
                LookAgain(end, NextFetch(end.Outgoing, now));
                break;
            }

            if (!end.Arbiter.TryFetch(now, out var frame, out var queue))
            {
                // Nobody will ring for it again: posted by a CPU whose clock stands ahead, or waiting for memory of the chip.
                if (end.Arbiter.Next is { IsNever: false } next) LookAgain(end, next > now ? next : NextFetch(end.Outgoing, now));
                break;
            }

            end.Outgoing.TrySend(frame, now);
            if (end.Device.TxQueues[queue].HasDone && !end.Done.Contains(queue)) end.Done.Add(queue);
            sent = true;
        }

        if (!sent) return;
        foreach (var queue in end.Done) end.Device.Nic.Tell(end.Device.Sent[queue], ActorRefs.NoSender);
        end.Done.Clear();
        if (end.Peer is not null) end.Peer.Nic.Tell(NicProtocol.Arrivals.Instance, ActorRefs.NoSender);
        else if (!end.Outgoing.NextArrival.IsNever) layer.TellAt(Self, WireProtocol.Sink.Instance, end.Outgoing.NextArrival);
    }

    private void LookAgain(WireEnd end, KernelTime at)
    {
        if (at >= end.LooksAt) return;
        end.LooksAt = at;
        layer.TellAt(Self, _looks[Array.IndexOf(ends, end)], at);
    }

    private void Drain()
    {
        var now = layer.Now;
        foreach (var end in ends)
        {
            if (end.Peer is not null) continue;
            while (end.Outgoing.TryTake(now, out var frame)) frame.Owner?.Free(SkbDropReason.CONSUMED);
            if (!end.Outgoing.NextArrival.IsNever) layer.TellAt(Self, WireProtocol.Sink.Instance, end.Outgoing.NextArrival);
        }
    }

    /// <summary>When there is room again: as the next frame begins. A line in pause is looked at every pause quantum's time.</summary>
    private static KernelTime NextFetch(WireModel wire, KernelTime now)
    {
        if (!wire.IsPaused) return KernelTime.Max(wire.NextStart, now + KernelTime.FromNanoseconds(1));
        return now + KernelTime.FromNanoseconds(Math.Max(1, 512L * 1_000_000_000 / Math.Max(1, wire.Settings.BitsPerSecond)));
    }
}
