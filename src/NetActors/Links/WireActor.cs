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

    /// <summary>Look at what the far end without a host received.</summary>
    public sealed record Sink
    {
        public static readonly Sink Instance = new();
    }
}

/// <summary>One end of a wire: the card that sends into it and the model of that direction.</summary>
internal sealed record WireEnd(NicDevice Device, WireModel Outgoing, NicDevice? Peer);

/// <summary>
/// A cable: fetches frames from the transmit rings as fast as its rate allows and tells the far card of those on their way. An end without
/// a peer belongs to a traffic source, which takes what comes and counts it.
/// </summary>
internal sealed class WireActor(ExecutionLayer layer, WireEnd[] ends) : UntypedActor
{
    private const int FetchAhead = 4; // frames that the card holds ready beyond the one on the line

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
            case WireProtocol.Doorbell bell: Fetch(bell); break;
            case WireProtocol.Sink: Drain(); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        foreach (var end in ends) end.Outgoing.Release(layer.Now);
    }

    private void Fetch(WireProtocol.Doorbell bell)
    {
        var now = layer.Now;
        var end = EndOf(bell.From);
        var queue = bell.From.TxQueues[bell.Queue];
        queue.Answer();
        var sent = false;
        while (true)
        {
            if (end.Outgoing.WaitingFrames(now) >= Math.Min(FetchAhead, end.Outgoing.Settings.QueueFrames))
            {
                queue.Defer();
                layer.TellAt(Self, bell, NextFetch(end.Outgoing, now));
                break;
            }

            if (!queue.TryFetch(now, out var frame))
            {
                // Nobody will ring for it again: posted by a CPU whose clock stands ahead, or waiting for memory of the chip.
                if (queue.NextFetch is { IsNever: false } next)
                {
                    queue.Defer();
                    layer.TellAt(Self, bell, next > now ? next : NextFetch(end.Outgoing, now));
                }

                break;
            }

            end.Outgoing.TrySend(frame, now);
            sent = true;
        }

        if (!sent) return;
        bell.From.Nic.Tell(bell.From.Sent[bell.Queue], ActorRefs.NoSender);
        if (end.Peer is not null) end.Peer.Nic.Tell(NicProtocol.Arrivals.Instance, ActorRefs.NoSender);
        else if (!end.Outgoing.NextArrival.IsNever) layer.TellAt(Self, WireProtocol.Sink.Instance, end.Outgoing.NextArrival);
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

    private WireEnd EndOf(NicDevice device)
    {
        foreach (var end in ends)
        {
            if (ReferenceEquals(end.Device, device)) return end;
        }

        throw new InvalidOperationException("the card is not plugged into this wire");
    }
}
