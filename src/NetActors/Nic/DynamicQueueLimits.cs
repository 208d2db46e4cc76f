using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// How many bytes a transmit queue may hold: as few as keep the hardware busy (kernel: lib/dynamic_queue_limits.c, "BQL"). A pure machine.
/// Queueing and completing may be on different CPUs: each writes fields of its own.
/// </summary>
internal sealed class DynamicQueueLimits
{
    private const uint MaxObject = uint.MaxValue / 16;

    private uint _lastObject; // by the sender
    private uint _queued;
    private uint _adjusted; // by who completes, as all below
    private uint _completed, _previousQueued, _previousOverLimit, _previousLastObject;
    private uint _lowestSlack = uint.MaxValue;
    private KernelTime _slackStart;

    /// <summary>Least limit in bytes (<c>limit_min</c>).</summary>
    public uint MinLimit { get; set; }

    /// <summary>Greatest limit in bytes (<c>limit_max</c>).</summary>
    public uint MaxLimit { get; set; } = (uint.MaxValue / 2) - MaxObject;

    /// <summary>How long slack is watched before the limit falls (<c>hold_time</c>).</summary>
    public KernelTime HoldTime { get; set; } = KernelTime.FromSeconds(1);

    /// <summary>The limit in bytes (<c>limit</c>).</summary>
    public uint Limit { get; set; }

    /// <summary>Bytes queued and not completed (<c>inflight</c>).</summary>
    public uint InFlight => Volatile.Read(ref _queued) - Volatile.Read(ref _completed);

    /// <summary>Bytes that may still be queued; below 0 the queue is to stop (<c>dql_avail</c>).</summary>
    public int Available => (int)(Volatile.Read(ref _adjusted) - Volatile.Read(ref _queued));

    /// <summary>Nothing is queued, and the limit begins anew (<c>dql_reset</c>).</summary>
    public void Reset()
    {
        (Limit, _queued, _completed, _lastObject) = (0, 0, 0, 0);
        (_previousQueued, _previousOverLimit, _previousLastObject, _lowestSlack) = (0, 0, 0, uint.MaxValue);
        (_adjusted, _slackStart) = (0, KernelTime.Zero);
        Completed(0, KernelTime.Zero); // a least limit holds from the start
    }

    /// <summary>Bytes were given to the hardware (<c>dql_queued</c>).</summary>
    public void Queued(int bytes)
    {
        _lastObject = (uint)bytes;
        Volatile.Write(ref _queued, _queued + (uint)bytes);
    }

    /// <summary>The hardware is done with bytes: the limit follows from whether it ran dry (<c>dql_completed</c>).</summary>
    public void Completed(int bytes, KernelTime now)
    {
        var queued = Volatile.Read(ref _queued);
        var completed = _completed + (uint)bytes;
        var limit = Limit;
        var overLimit = Positive(queued - _completed, limit);
        var inProgress = queued - completed;
        var wasInProgress = _previousQueued - _completed;
        var allPreviousDone = (int)(completed - _previousQueued) >= 0;
        if ((overLimit > 0 && inProgress == 0) || (_previousOverLimit > 0 && allPreviousDone))
        {
            // It ran dry though more was to send: the limit was too low by what went meanwhile.
            limit += Positive(completed, _previousQueued) + _previousOverLimit;
            (_slackStart, _lowestSlack) = (now, uint.MaxValue);
        }
        else if (inProgress > 0 && wasInProgress > 0 && !allPreviousDone)
        {
            // It did not: what was never needed for a while may go.
            var slack = Positive(limit + _previousOverLimit, 2 * (completed - _completed));
            var ofLastObject = _previousOverLimit > 0 ? Positive(_previousLastObject, _previousOverLimit) : 0;
            _lowestSlack = Math.Min(_lowestSlack, Math.Max(slack, ofLastObject));
            if (now > _slackStart + HoldTime)
            {
                limit = Positive(limit, _lowestSlack);
                (_slackStart, _lowestSlack) = (now, uint.MaxValue);
            }
        }

        limit = limit >= MaxLimit ? MaxLimit : Math.Max(limit, MinLimit); // where somebody wrote a least limit above the greatest, that one holds
        if (limit != Limit) (Limit, overLimit) = (limit, 0);
        Volatile.Write(ref _adjusted, limit + completed);
        (_previousOverLimit, _previousLastObject, _previousQueued) = (overLimit, _lastObject, queued);
        Volatile.Write(ref _completed, completed);
    }

    private static uint Positive(uint a, uint b) => (int)(a - b) > 0 ? a - b : 0;
}
