using System.Numerics;

namespace NetActors.Time;

/// <summary>
/// The kernel's timer wheel since 4.8: levels of 64 buckets, each level eight times coarser than the one below. A timer is put into the
/// bucket after its expiry, so it is never early and late by at most the level's granularity; nothing cascades, since long
/// timeouts are mostly cancelled (kernel: <c>calc_wheel_index</c>, <c>collect_expired_timers</c>).
/// </summary>
internal sealed class JiffyWheel
{
    private const int BucketBits = 6;
    private const int Buckets = 1 << BucketBits;
    private const int BucketMask = Buckets - 1;
    private const int LevelBits = 3; // a level is 2^3 times coarser than the one below

    private readonly int _levels;
    private readonly TimerEntry[] _buckets;
    private readonly TimerEntry[] _expiring;
    private readonly ulong[] _pending; // one bit a bucket, one word a level
    private long _clock; // the next jiffy to be looked at (timer_base.clk)
    private long _next = long.MaxValue; // never later than the first bucket due
    private int _collected; // lists of _expiring that are being run
    private bool _running;
    private bool _stale; // a bucket ran empty: _next may be too early

    internal JiffyWheel(int levels)
    {
        _levels = levels;
        _pending = new ulong[levels];
        _buckets = new TimerEntry[levels * Buckets];
        for (var i = 0; i < _buckets.Length; i++) _buckets[i] = new TimerEntry(i);
        _expiring = new TimerEntry[levels];
        for (var i = 0; i < levels; i++) _expiring[i] = new TimerEntry(TimerEntry.NotPending);
    }

    /// <summary>Timers pending.</summary>
    internal int Count { get; private set; }

    /// <summary>First jiffy at which a bucket is due; <see cref="long.MaxValue"/> when all are empty.</summary>
    internal long NextExpiry
    {
        get
        {
            if (!_running && _collected > 0) return _clock - 1; // a callback threw: the others are overdue
            return Next;
        }
    }

    private long Next
    {
        get
        {
            if (_stale) FindNext();
            return _next;
        }
    }

    /// <summary>
    /// First timeout in jiffies that is too long for the levels below <paramref name="level"/> (kernel: <c>LVL_START</c>).
    /// </summary>
    internal static long LevelStart(int level) => level == 0 ? 0 : (long)BucketMask << ((level - 1) * LevelBits);

    /// <summary>Jiffies between the buckets of a level (kernel: <c>LVL_GRAN</c>).</summary>
    internal static long Granularity(int level) => 1L << (level * LevelBits);

    internal void Arm(TimerEntry timer, long expires, long now)
    {
        if (timer.IsPending && timer.Asked == expires) return; // the common case of networking, which keeps a coarser bucket too
        Forward(now);
        timer.Asked = expires;
        var slot = SlotOf(expires, out var due);
        if (timer.IsPending)
        {
            // The kernel compares the slot alone, which is the same a turn of the wheel later; the jiffy makes it exact.
            if (timer.Slot == slot && timer.Due == due) return;
            Cancel(timer);
        }

        (timer.Slot, timer.Due) = (slot, due);
        var head = _buckets[slot];
        var first = head.Next!;
        (timer.Prev, timer.Next) = (head, first);
        (head.Next, first.Prev) = (timer, timer); // at the head, as hlist_add_head: the last armed runs first
        _pending[slot >> BucketBits] |= 1UL << (slot & BucketMask);
        Count++;
        if (due < _next) (_next, _stale) = (due, false);
    }

    internal void Cancel(TimerEntry timer)
    {
        TimerEntry prev = timer.Prev!, next = timer.Next!;
        (prev.Next, next.Prev) = (next, prev);
        (timer.Prev, timer.Next) = (null, null);
        timer.Slot = TimerEntry.NotPending;
        Count--;
        if (prev != next || prev.Slot == TimerEntry.NotPending) return; // others are left, or the list is being run
        _pending[prev.Slot >> BucketBits] &= ~(1UL << (prev.Slot & BucketMask));
        _stale = true;
    }

    internal int Expire(long jiffies, KernelTime now)
    {
        var fired = RunCollected(now); // what a callback that threw has left behind
        while (jiffies >= _clock && jiffies >= _next)
        {
            _collected = Collect();
            _clock++;
            FindNext(); // before the callbacks: they may arm, and forward the clock up to it
            fired += RunCollected(now);
        }

        return fired;
    }

    private int RunCollected(KernelTime now)
    {
        var fired = 0;
        _running = true;
        try
        {
            for (; _collected > 0; _collected--)
            {
                for (var head = _expiring[_collected - 1]; head.Next != head; fired++)
                {
                    var timer = head.Next!;
                    Cancel(timer);
                    timer.Fire(now);
                }
            }
        }
        finally
        {
            _running = false;
        }

        return fired;
    }

    private int SlotOf(long expires, out long due)
    {
        var delta = expires - _clock;
        if (delta < 0)
        {
            due = _clock; // armed by a callback for the present: the next bucket
            return (int)(due & BucketMask);
        }

        var level = 0;
        while (level < _levels - 1 && delta >= LevelStart(level + 1)) level++;
        if (delta >= LevelStart(_levels)) expires = _clock + LevelStart(_levels) - Granularity(_levels - 1); // the wheel's capacity
        var bucket = (expires >> (level * LevelBits)) + 1; // up, so that it is never early: armed at the edge of a tick or cut off
        due = bucket << (level * LevelBits);
        return (level * Buckets) + (int)(bucket & BucketMask);
    }

    /// <summary>
    /// Brings the clock up to the present before arming, so that the granularity stays small (kernel: <c>forward_timer_base</c>).
    /// </summary>
    private void Forward(long now)
    {
        if (now > _clock) _clock = Math.Max(_clock, Math.Min(now, Next));
    }

    private int Collect()
    {
        var clock = _clock = _next;
        var found = 0;
        for (var level = 0; level < _levels; level++)
        {
            var bit = 1UL << (int)(clock & BucketMask);
            if ((_pending[level] & bit) != 0)
            {
                _pending[level] &= ~bit;
                Move(_buckets[(level * Buckets) + (int)(clock & BucketMask)], _expiring[found++]);
            }

            if ((clock & ((1 << LevelBits) - 1)) != 0) break; // the next level's clock did not tick
            clock >>= LevelBits;
        }

        return found;
    }

    private static void Move(TimerEntry from, TimerEntry to)
    {
        TimerEntry first = from.Next!, last = from.Prev!;
        (to.Next, to.Prev) = (first, last);
        (first.Prev, last.Next) = (to, to);
        (from.Next, from.Prev) = (from, from);
    }

    private void FindNext()
    {
        (_next, _stale) = (long.MaxValue, false);
        for (var level = 0; level < _levels; level++)
        {
            if (_pending[level] == 0) continue;
            var shift = level * LevelBits;
            var clock = (_clock + Granularity(level) - 1) >> shift; // the first bucket of this level that is not over
            var ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_pending[level], (int)(clock & BucketMask)));
            _next = Math.Min(_next, (clock + ahead) << shift);
        }
    }
}
