using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Links;

/// <summary>
/// One direction of a full-duplex link: a bounded queue at the sender, a line rate, a propagation delay and seeded faults. Knows no
/// clock: frames are sent with their time and pulled by theirs.
/// </summary>
public sealed class WireModel : IFrameSource
{
    private readonly KernelRandom _random;
    private readonly IDropObserver? _drops;
    private readonly PriorityQueue<WireFrame, (KernelTime Arrival, long Order)> _late = new();
    private Passage[] _line = new Passage[64]; // a ring; frames enter at _tail, get their times at _timed, leave at _head
    private long _tail;
    private long _timed;
    private long _head;
    private long _begun; // frames from here on still wait for the line, as the sender sees it
    private KernelTime _lineFree = KernelTime.Zero;
    private KernelTime _pausedFrom = KernelTime.Never;
    private long _remainder; // of a nanosecond, in 1/rate: 84 bytes at 10 Gbit/s are 67.2 ns, not 67
    private long _sinceReordered;
    private WireSettings _settings;

    /// <summary>A direction with <paramref name="settings"/>, whose faults follow from <paramref name="random"/>.</summary>
    public WireModel(WireSettings settings, KernelRandom random, IDropObserver? drops = null)
    {
        (_settings, _random, _drops) = (Checked(settings), random, drops);
    }

    /// <summary>What became of the frames so far.</summary>
    public WireCounters Counters { get; } = new();

    /// <summary>Rate, delay and faults; a change holds for frames that have not begun to travel. Faulty settings are an argument
    /// error.</summary>
    public WireSettings Settings { get => _settings; set => _settings = Checked(value); }

    /// <summary>The far end asked for silence and has not ended it.</summary>
    public bool IsPaused => !_pausedFrom.IsNever;

    /// <summary>Frames that the wire holds, counted one by one: what <see cref="WireCounters.InFlight"/> has to be.</summary>
    internal long FramesInside
    {
        get
        {
            long inside = _late.Count;
            for (var i = _head; i < _tail; i++) inside += At(i).Fate == Fate.Late ? 0 : 1;
            return inside;
        }
    }

    /// <inheritdoc />
    public KernelTime NextArrival
    {
        get
        {
            Settle();
            return EarliestTimed();
        }
    }

    /// <summary>
    /// Leaves a frame at <paramref name="now"/>, which must not go back. False when the queue is full: the caller still owns the frame.
    /// </summary>
    public bool TrySend(in WireFrame frame, KernelTime now)
    {
        if (WaitingFrames(now) >= _settings.QueueFrames)
        {
            Counters.Refused++;
            return false;
        }

        Counters.Sent++;
        Counters.BytesOnWire += frame.BytesOnWire;
        Admit(frame, now);
        if (!_random.Chance(_settings.Duplication)) return true;
        frame.Owner?.Hold();
        Counters.Duplicated++;
        Admit(frame, now);
        return true;
    }

    /// <summary>Leaves a frame at <paramref name="now"/>, or drops it as <see cref="SkbDropReason.WIRE_QUEUE_FULL"/>: for sources that
    /// cannot wait.</summary>
    public void Send(in WireFrame frame, KernelTime now)
    {
        if (!TrySend(frame, now)) End(frame, SkbDropReason.WIRE_QUEUE_FULL, now);
    }

    /// <summary>Frames that still wait for the line at <paramref name="now"/>.</summary>
    public int WaitingFrames(KernelTime now)
    {
        while (_timed < _tail && StartOf(At(_timed)) is var start && start <= now && start <= _pausedFrom) TimeNext();
        while (_begun < _timed && At(_begun).Start <= now) _begun++;
        return (int)(_tail - _begun);
    }

    /// <summary>When the first of the frames that wait begins, as far as is known now; Never when none waits.</summary>
    public KernelTime NextStart => _begun == _tail ? KernelTime.Never : _begun < _timed ? At(_begun).Start : StartOf(At(_timed));

    /// <summary>
    /// The far end's XOFF reached us (IEEE 802.3 annex 31B): frames that have not begun stay. One whose arrival was already told to
    /// the far end counts as begun.
    /// </summary>
    public void OnPause(KernelTime at)
    {
        if (IsPaused) return;
        Counters.Paused++;
        _pausedFrom = at;
    }

    /// <summary>The far end's XON reached us: what waited goes on.</summary>
    public void OnResume(KernelTime at)
    {
        if (!IsPaused) return;
        _pausedFrom = KernelTime.Never;
        _lineFree = KernelTime.Max(_lineFree, at);
    }

    /// <inheritdoc />
    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        Settle();
        frame = default;
        var next = EarliestTimed();
        if (next > until || next.IsNever) return false;
        if (_late.TryPeek(out _, out var key) && (!HeadIsTimed || key.CompareTo((At(_head).Frame.Arrival, _head)) < 0)) frame = _late.Dequeue();
        else frame = At(_head++).Frame;
        Counters.Delivered++;
        Counters.DeliveredBytes += frame.Length;
        return true;
    }

    /// <summary>The cable is pulled: everything under way ends as <see cref="SkbDropReason.HW_LINK_DOWN"/> and counts as lost.</summary>
    public void Cut(KernelTime now)
    {
        while (_late.TryDequeue(out var frame, out _)) Lose(frame, SkbDropReason.HW_LINK_DOWN, now);
        for (; _head < _tail; _head++)
        {
            if (At(_head).Fate != Fate.Late) Lose(At(_head).Frame, SkbDropReason.HW_LINK_DOWN, now);
        }

        _timed = _begun = _tail;
        _lineFree = now;
    }

    /// <summary>The link is taken down for good: <see cref="Cut"/>, and what was about to arrive ends too.</summary>
    internal void Release(KernelTime now)
    {
        Cut(now);
        while (TryTake(KernelTime.Never, out var frame)) frame.Owner?.Free(SkbDropReason.HOST_SHUTDOWN);
    }

    private enum Fate : byte
    {
        Arrives,
        Lost,
        Late, // lies in _late
    }

    private struct Passage
    {
        public WireFrame Frame;
        public KernelTime Sent;
        public KernelTime Start;
        public KernelTime Delay; // beside the propagation
        public Fate Fate;
    }

    private bool HeadIsTimed => _head < _timed;

    private static WireSettings Checked(WireSettings settings) =>
        settings.Fault() is { } fault ? throw new ArgumentException(fault, nameof(settings)) : settings;

    private ref Passage At(long index) => ref _line[index & (_line.Length - 1)];

    private KernelTime EarliestTimed()
    {
        var line = HeadIsTimed ? At(_head).Frame.Arrival : KernelTime.Never;
        return _late.TryPeek(out _, out var key) ? KernelTime.Min(line, key.Arrival) : line;
    }

    /// <summary>Gives times to as many frames as the next arrival depends on, and ends lost ones that lead the line.</summary>
    private void Settle()
    {
        while (true)
        {
            while (HeadIsTimed && At(_head).Fate != Fate.Arrives)
            {
                ref var gone = ref At(_head++);
                if (gone.Fate == Fate.Lost) Lose(gone.Frame, SkbDropReason.WIRE_LOSS, gone.Frame.Arrival);
            }

            if (_timed == _tail) return;
            var start = StartOf(At(_timed));
            if (start > _pausedFrom || start + _settings.PropagationDelay >= EarliestTimed()) return;
            TimeNext();
        }
    }

    private KernelTime StartOf(in Passage passage) => KernelTime.Max(passage.Sent, _lineFree);

    private void TimeNext()
    {
        ref var passage = ref At(_timed);
        passage.Start = StartOf(passage);
        _lineFree = passage.Start + SerialisationOf(passage.Frame);
        var arrival = _lineFree + _settings.PropagationDelay + passage.Delay;
        passage.Frame = passage.Frame with { Arrival = arrival };
        if (passage.Delay > KernelTime.Zero && passage.Fate == Fate.Arrives)
        {
            passage.Fate = Fate.Late;
            _late.Enqueue(passage.Frame, (arrival, _timed));
        }

        _timed++;
    }

    private KernelTime SerialisationOf(in WireFrame frame)
    {
        var rate = _settings.BitsPerSecond;
        if (rate == 0) return KernelTime.Zero;
        var parts = (frame.BytesOnWire * 8L * 1_000_000_000) + _remainder;
        _remainder = parts % rate;
        return KernelTime.FromNanoseconds(parts / rate);
    }

    private void Admit(in WireFrame frame, KernelTime now)
    {
        if (_tail - Math.Min(_head, _begun) == _line.Length) Grow();
        ref var passage = ref At(_tail++);
        passage = new Passage { Frame = frame, Sent = now, Fate = _random.Chance(_settings.Loss) ? Fate.Lost : Fate.Arrives };
        if (++_sinceReordered >= _settings.ReorderGap && _random.Chance(_settings.Reordering))
        {
            (_sinceReordered, passage.Delay) = (0, _settings.ReorderDelay);
            Counters.Reordered++;
        }

        if (!_random.Chance(_settings.Corruption) || frame.Length == 0) return;
        Counters.Corrupted++;
        var bit = (int)_random.NextBelow((uint)frame.Length * 8) + 1;
        passage.Frame = frame with { FlippedBit = bit, BadFcs = frame.BadFcs || !_settings.CorruptAfterFcs };
    }

    private void Grow()
    {
        var larger = new Passage[_line.Length * 2];
        for (var i = Math.Min(_head, _begun); i < _tail; i++) larger[i & (larger.Length - 1)] = At(i);
        _line = larger;
    }

    private void Lose(in WireFrame frame, SkbDropReason reason, KernelTime at)
    {
        Counters.Lost++;
        End(frame, reason, at);
    }

    private void End(in WireFrame frame, SkbDropReason reason, KernelTime at)
    {
        try
        {
            _drops?.OnDrop(reason, frame, at);
        }
        finally
        {
            frame.Owner?.Free(SkbDropReason.CONSUMED); // its sender has sent it
        }
    }
}
