using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Neighbours;

/// <summary>
/// Decides when a neighbour is asked, trusted and given up (RFC 4861 section 7.3.2; kernel: net/core/neighbour.c). Knows no actor,
/// no clock and no address: its owner carries the effects out.
/// </summary>
public sealed class NudMachine
{
    private NudParms _parms;

    /// <summary>A fresh entry: nothing known, last confirmed long ago (kernel: <c>neigh_alloc</c>).</summary>
    public NudMachine(NudParms parms, KernelTime now)
    {
        _parms = parms;
        (Used, Updated) = (now, now);
        Confirmed = LongAgo(now);
    }

    /// <summary>Where the entry stands.</summary>
    public NudState State { get; private set; }

    /// <summary>When <see cref="OnDeadline"/> is due; <see cref="KernelTime.Never"/> when nothing is pending.</summary>
    public KernelTime Deadline { get; private set; } = KernelTime.Never;

    /// <summary>Solicitations counted so far; in Incomplete it starts at <c>ucast_solicit</c>, since those are skipped.</summary>
    public int Probes { get; private set; }

    /// <summary>When reachability was last confirmed.</summary>
    public KernelTime Confirmed { get; private set; }

    /// <summary>When a packet last wanted to go to the neighbour.</summary>
    public KernelTime Used { get; private set; }

    /// <summary>When state or link address last changed.</summary>
    public KernelTime Updated { get; private set; }

    /// <summary>How a solicitation sent for the last effect goes out; read it after the input (kernel: <c>arp_solicit</c>).</summary>
    public NudProbeKind ProbeKind { get; private set; } = NudProbeKind.Broadcast;

    /// <summary>The settings, replaced whole by the control plane; running deadlines stay.</summary>
    public NudParms Parms
    {
        get => _parms;
        set => _parms = value;
    }

    /// <summary>Whether <c>locktime</c> has passed, so that a different answer may override (kernel: <c>arp_process</c>).</summary>
    public bool MayOverride(KernelTime now) => now > Updated + _parms.LockTime;

    /// <summary>The entry needs no resolution (kernel: <c>arp_constructor</c> for broadcast, multicast and loopback).</summary>
    public NudEffects OnConstructNoArp() => Enter(NudState.NoArp, KernelTime.Never);

    /// <summary>
    /// A packet wants to go to this neighbour, whose state another CPU may be changing. False unless it is reachable: then nothing has
    /// happened.
    /// </summary>
    internal bool TryUse(KernelTime now)
    {
        if (!State.In(NudStates.Connected)) return false;
        Used = now;
        return true;
    }

    /// <summary>A packet wants to go to this neighbour (kernel: <c>neigh_event_send</c>).</summary>
    public NudEffects OnUse(KernelTime now)
    {
        Used = now;
        switch (State)
        {
            case NudState.None or NudState.Failed when _parms.McastSolicit + _parms.AppSolicit == 0:
                Updated = now;
                return Enter(NudState.Failed, KernelTime.Never, NudEffects.DropFailed);
            case NudState.None or NudState.Failed:
                Updated = now;
                Probes = _parms.UcastSolicit;
                return Solicit(NudState.Incomplete, now) | NudEffects.Queue;
            case NudState.Incomplete:
                return NudEffects.Queue;
            case NudState.Stale:
                Updated = now;
                return Enter(NudState.Delay, now + _parms.DelayFirstProbeTime, NudEffects.Transmit);
            default: // connected, Delay, Probe
                return NudEffects.Transmit;
        }
    }

    /// <summary>An upper layer saw forward progress (kernel: <c>neigh_confirm</c>, <c>MSG_CONFIRM</c>); the timer acts on it.</summary>
    public void OnConfirm(KernelTime now) => Confirmed = now;

    /// <summary>The deadline has come (kernel: <c>neigh_timer_handler</c>). Early or stray calls change nothing.</summary>
    public NudEffects OnDeadline(KernelTime now)
    {
        if (now < Deadline) return NudEffects.None;
        return State switch
        {
            NudState.Reachable => OnReachableTimeout(now),
            NudState.Delay => OnDelayTimeout(now),
            NudState.Probe or NudState.Incomplete => ProbeAgain(State, now),
            _ => Enter(State, KernelTime.Never),
        };
    }

    /// <summary>
    /// News about the neighbour: an answer, a question from it, an administrator (kernel: <c>__neigh_update</c>).
    /// </summary>
    /// <param name="next">The state that the news would justify.</param>
    /// <param name="address">What the news says of the link address.</param>
    /// <param name="flags">What it may change.</param>
    /// <param name="now">The time.</param>
    /// <param name="error">EPERM for an entry that only an administrator may change; EINVAL when no address is known or given.</param>
    public NudEffects OnUpdate(NudState next, LinkAddressNews address, NudUpdateFlags flags, KernelTime now, out Errno error)
    {
        var old = State;
        var admin = (flags & NudUpdateFlags.Admin) != 0;
        error = Errno.None;
        if (!admin && old.In(NudState.NoArp | NudState.Permanent)) error = Errno.EPERM;
        else if (!next.In(NudStates.Valid)) return Invalidate(old, next);
        else if (address == LinkAddressNews.Absent && !old.In(NudStates.Valid)) error = Errno.EINVAL;
        if (error != Errno.None) return NudEffects.None;

        if (next.In(NudStates.Connected)) Confirmed = now;
        var takes = address == LinkAddressNews.Different || (address == LinkAddressNews.Same && !old.In(NudStates.Valid));
        if (old.In(NudStates.Valid))
        {
            if (takes && (flags & NudUpdateFlags.Override) == 0)
            {
                if ((flags & NudUpdateFlags.WeakOverride) == 0 || !old.In(NudStates.Connected)) return NudEffects.None;
                (takes, next) = (false, NudState.Stale);
            }
            else if (!takes && next == NudState.Stale && !admin)
            {
                next = old; // nothing new: a question from a neighbour whose address we trust does not make it stale
            }
        }

        return Apply(old, next, takes, now);
    }

    private NudEffects Apply(NudState old, NudState next, bool takes, KernelTime now)
    {
        var effects = NudEffects.None;
        if (next != old || takes) Updated = now;
        if (next != old)
        {
            if (next == NudState.Probe) Probes = 0;
            if (next.In(NudStates.InTimer)) Used = KernelTime.Max(Used, Confirmed); // kernel: neigh_add_timer
            effects |= Enter(next, DeadlineOf(next, now), NudEffects.Notify);
        }

        if (takes)
        {
            if (!next.In(NudStates.Connected)) Confirmed = LongAgo(now);
            effects |= NudEffects.TakeAddress | NudEffects.Notify;
        }

        return next != old && !old.In(NudStates.Valid) ? effects | NudEffects.SendQueue : effects;
    }

    private NudEffects Invalidate(NudState old, NudState next)
    {
        var effects = old.In(NudStates.Valid) ? NudEffects.Notify : NudEffects.None;
        if (old.In(NudState.Incomplete | NudState.Probe) && next == NudState.Failed) effects |= NudEffects.FailQueue | NudEffects.Notify;
        return Enter(next, KernelTime.Never, effects); // Incomplete too: the kernel stops the timer and the next use begins anew
    }

    private NudEffects OnReachableTimeout(KernelTime now)
    {
        if (now <= Confirmed + _parms.ReachableTime) return Enter(NudState.Reachable, AtLeast(Confirmed + _parms.ReachableTime, now));
        Updated = now;
        return now <= Used + _parms.DelayFirstProbeTime
            ? Enter(NudState.Delay, AtLeast(now + _parms.DelayFirstProbeTime, now))
            : Enter(NudState.Stale, KernelTime.Never, NudEffects.Notify);
    }

    private NudEffects OnDelayTimeout(KernelTime now)
    {
        Updated = now;
        if (now <= Confirmed + _parms.DelayFirstProbeTime)
        {
            return Enter(NudState.Reachable, AtLeast(Confirmed + _parms.ReachableTime, now), NudEffects.Notify);
        }

        Probes = 0;
        return ProbeAgain(NudState.Probe, now) | NudEffects.Notify;
    }

    private NudEffects ProbeAgain(NudState state, KernelTime now) =>
        Probes >= MaxProbes(state)
            ? Enter(NudState.Failed, KernelTime.Never, NudEffects.FailQueue | NudEffects.Notify)
            : Solicit(state, now);

    private NudEffects Solicit(NudState state, KernelTime now)
    {
        ProbeKind = Probes < _parms.UcastSolicit ? NudProbeKind.Unicast
            : Probes < _parms.UcastSolicit + _parms.AppSolicit ? NudProbeKind.Application
            : NudProbeKind.Broadcast;
        Probes++;
        return Enter(state, now + KernelTime.Max(_parms.RetransTime, _parms.MinTimer), NudEffects.Solicit);
    }

    private NudEffects Enter(NudState next, KernelTime deadline, NudEffects effects = NudEffects.None)
    {
        (State, Deadline) = (next, deadline);
        return effects;
    }

    /// <summary>An update starts the timer of states that have one: at once, but for Reachable.</summary>
    private KernelTime DeadlineOf(NudState next, KernelTime now) =>
        next == NudState.Reachable ? now + _parms.ReachableTime : next.In(NudStates.InTimer) ? now : KernelTime.Never;

    private int MaxProbes(NudState state) =>
        _parms.UcastSolicit + _parms.AppSolicit + (state == NudState.Probe ? _parms.McastResolicit : _parms.McastSolicit);

    private KernelTime AtLeast(KernelTime deadline, KernelTime now) => KernelTime.Max(deadline, now + _parms.MinTimer);

    private KernelTime LongAgo(KernelTime now) => new(now.Nanoseconds - (2 * _parms.BaseReachableTime.Nanoseconds));
}
