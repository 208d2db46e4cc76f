using NetActors.Time;

namespace NetActors.Nic;

/// <summary>When the vectors fire: known ahead, since the frames to come are known ahead.</summary>
public sealed partial class NicReceive
{
    private const int None = -1;
    private const int AllMasked = -2;

    /// <summary>
    /// Finds the next interrupt of an unmasked vector, looking into the source for up to <see cref="LookAhead"/> frames. To be asked again
    /// after anything changed: an interrupt, an unmasking, a setting, a frame sent to the source, and, while frames wait on the chip, a
    /// poll.
    /// </summary>
    public InterruptForecast NextInterrupt(KernelTime now)
    {
        var (due, queue) = Earliest();
        while (queue != AllMasked && _fifo.Count == 0)
        {
            var next = _source.NextArrival;
            if (next >= due || next.IsNever) break;
            while (_inFlight.IsFull && _inFlight.Oldest <= now) ArriveOldest();
            if (_inFlight.IsFull || MightPause()) return new InterruptForecast(due, Math.Max(None, queue), _inFlight.Newest);
            ref var coming = ref _inFlight.Coming;
            if (!_source.TryTake(next, out coming.Frame)) break;
            Statistics.Taken++;
            _classifier.Classify(coming.Frame, out coming.Verdict);
            _inFlight.Add();
            var its = coming.Verdict.Queue;
            if (its < 0 || _queues[its].Moderation.IsMasked) continue;
            if (_queues[its].Moderation.FirstDecides && _inFlight.OldestOf(its) < coming.Frame.Arrival) continue; // forecast by that one
            var candidate = Forecast(its);
            if (candidate < due) (due, queue) = (candidate, its);
            else if (its == queue && candidate > due) (due, queue) = Earliest(); // its time has restarted
        }

        return new InterruptForecast(due, Math.Max(None, queue), KernelTime.Never);
    }

    /// <summary>
    /// The time of a forecast has come: fires the vector if moderation is satisfied, which masks it. False when it is not: a frame was
    /// dropped or something changed since.
    /// </summary>
    public bool TryRaise(int queue, KernelTime now)
    {
        AdvanceTo(queue, now);
        var moderation = _queues[queue].Moderation;
        if (moderation.Deadline > now) return false;
        moderation.OnFired(now);
        return true;
    }

    /// <summary>The driver masks a vector (busy polling, or the handler of another cause).</summary>
    public void Mask(int queue, KernelTime now)
    {
        AdvanceTo(queue, now);
        _queues[queue].Moderation.OnMasked();
    }

    /// <summary>NAPI completed: what arrived since the last poll pends again. Answers when the vector fires for it, or Never.</summary>
    public KernelTime Unmask(int queue, KernelTime now, in TxProgress tx = default)
    {
        AdvanceTo(queue, now);
        var rx = _queues[queue];
        return rx.Moderation.OnUnmasked(now, rx.Count, rx.Moderation.Restarts ? rx.NewestInRing : rx.OldestInRing, rx.Packets, rx.Bytes, tx);
    }

    /// <summary>The earliest interrupt and its queue: <see cref="None"/> when none is due, <see cref="AllMasked"/> when none could be.</summary>
    private (KernelTime Due, int Queue) Earliest()
    {
        var (due, queue) = (KernelTime.Never, AllMasked);
        for (var i = 0; i < Channels; i++)
        {
            if (_queues[i].Moderation.IsMasked) continue;
            if (Forecast(i) is var candidate && candidate < due) (due, queue) = (candidate, i);
            else if (queue == AllMasked) queue = None;
        }

        return (due, queue);
    }

    private KernelTime Forecast(int queue)
    {
        var rx = _queues[queue];
        var moderation = rx.Moderation;
        var coming = _fifo.Count > 0 || rx.Ring.Posted == 0 ? 0 : _inFlight.CountOf(queue); // others will not reach the ring
        if (coming == 0) return moderation.Deadline;
        if (moderation.Restarts)
        {
            var rests = moderation.Pending == 0 || moderation.Deadline > _inFlight.OldestOf(queue)
                ? _inFlight.FirstRest(queue, moderation.Pending > 0 ? moderation.FirstPending : KernelTime.Never, moderation.Usecs, moderation.CompletionsUntilDue)
                : moderation.Deadline;
            return KernelTime.Min(rests, moderation.TxDeadline);
        }

        var first = moderation.Pending > 0 ? moderation.FirstPending : _inFlight.OldestOf(queue);
        var needed = moderation.CompletionsUntilDue;
        var enoughAt = coming >= needed ? _inFlight.ArrivalOf(queue, needed) : KernelTime.Never;
        return KernelTime.Min(moderation.Deadline, moderation.DueAt(first, enoughAt));
    }

    /// <summary>
    /// Frames further ahead might not be sent if the NIC asked for a pause; it cannot before the FIFO has filled to the mark, so what
    /// fits below the mark is sure to come.
    /// </summary>
    private bool MightPause() => !_dropEnabled && PauseTx && _inFlight.Count > 0 && _fifo.Bytes + _inFlight.Bytes >= Model.PauseHighBytes;
}
