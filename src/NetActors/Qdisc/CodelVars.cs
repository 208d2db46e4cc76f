namespace NetActors.Qdisc;

/// <summary>
/// State of one CoDel queue (kernel: <c>struct codel_vars</c>, include/net/codel.h; RFC 8289 section 5). Times in units of 1024 ns, 32 bits
/// that wrap.
/// </summary>
public struct CodelVars
{
    /// <summary>Bits by which nanoseconds are shifted (<c>CODEL_SHIFT</c>).</summary>
    public const int Shift = 10;

    private ushort _recInvSqrt;

    /// <summary>Packets dropped since the dropping state began.</summary>
    public uint Count { get; internal set; }

    /// <summary><see cref="Count"/> when the dropping state was last entered.</summary>
    public uint LastCount { get; private set; }

    /// <summary>In the dropping state.</summary>
    public bool Dropping { get; internal set; }

    /// <summary>When the delay will have been above target for an interval; 0 while it is not.</summary>
    public uint FirstAboveTime { get; internal set; }

    /// <summary>When the next packet is dropped.</summary>
    public uint DropNext { get; internal set; }

    /// <summary>Delay of the last packet.</summary>
    public uint LastDelay { get; internal set; }

    /// <summary>Nanoseconds in CoDel's unit.</summary>
    public static uint TimeOf(long nanoseconds) => (uint)(nanoseconds >> Shift);

    /// <summary>A time in microseconds (<c>codel_time_to_us</c>).</summary>
    public static uint Microseconds(uint time) => (uint)(((ulong)time << Shift) / 1000);

    /// <summary><paramref name="left"/> comes after <paramref name="right"/> on the wrapping clock.</summary>
    public static bool IsAfter(uint left, uint right) => (int)(left - right) > 0;

    /// <summary>One more drop: the next follows sooner by the control law (RFC 8289 section 5.5: interval / sqrt(count)).</summary>
    internal void Advance(uint interval)
    {
        Count++;
        NewtonStep();
        DropNext = ControlLaw(DropNext, interval);
    }

    /// <summary>The dropping state begins; one that ended not long ago goes on at its rate (RFC 8289 section 5.6).</summary>
    internal void Enter(uint now, uint interval)
    {
        Dropping = true;
        var delta = Count - LastCount;
        if (delta > 1 && !IsAfter(now - DropNext, 16 * interval) && now - DropNext != 16 * interval)
        {
            Count = delta;
            NewtonStep();
        }
        else
        {
            (Count, _recInvSqrt) = (1, ushort.MaxValue);
        }

        LastCount = Count;
        DropNext = ControlLaw(now, interval);
    }

    private readonly uint ControlLaw(uint time, uint interval) => time + (uint)(((ulong)interval * ((uint)_recInvSqrt << 16)) >> 32);

    /// <summary>1/sqrt(count) by a step of Newton's method (<c>codel_Newton_step</c>).</summary>
    private void NewtonStep()
    {
        var inverse = (uint)_recInvSqrt << 16;
        var square = ((ulong)inverse * inverse) >> 32;
        var value = (3UL << 32) - (Count * square);
        value >>= 2; // so that the next product does not overflow
        value = (value * inverse) >> (32 - 2 + 1);
        _recInvSqrt = (ushort)(value >> 16);
    }
}
