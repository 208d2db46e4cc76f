using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>What RED says to a packet (kernel: <c>RED_DONT_MARK</c> and others).</summary>
internal enum RedAction
{
    DontMark,
    ProbMark,
    HardMark,
}

/// <summary>The parameters of RED in the kernel's fixed point (<c>struct red_parms</c>, include/net/red.h).</summary>
/// <param name="Min">Lower threshold in bytes.</param>
/// <param name="Max">Upper threshold in bytes.</param>
/// <param name="Wlog">Weight of a new sample: 2^-Wlog.</param>
/// <param name="MaxP">Probability at the upper threshold, a share of 2^32.</param>
/// <param name="ScellLog">Log of an idle cell.</param>
/// <param name="Stab">How far the average decays over so many idle cells, as a shift.</param>
internal sealed record RedParameters(int Min, int Max, int Wlog, uint MaxP, int ScellLog, byte[] Stab)
{
    /// <summary>2^32 over the probability for one byte above the lower threshold.</summary>
    public ulong MaxPReciprocal { get; } = (1UL << 32) / Math.Max(1u, MaxP / (uint)Math.Max(1, Max - Min));

    /// <summary>The weight that lets a burst of packets through (iproute2: <c>tc_red_eval_ewma</c>); -1 for none.</summary>
    public static int EvalEwma(int min, int burst, int averagePacket)
    {
        var wanted = burst + 1 - ((double)min / averagePacket);
        if (wanted < 1) return -1;
        var weight = 0.5;
        for (var log = 1; log < 32; log++, weight /= 2)
        {
            var power = 1.0;
            for (var i = 0; i < burst; i++) power *= 1 - weight;
            if (wanted <= (1 - power) / weight) return log;
        }

        return -1;
    }

    /// <summary>The table of idle damping (iproute2: <c>tc_red_eval_idle_damping</c>); the log of a cell, -1 when there is none.</summary>
    public static int EvalIdleDamping(int wlog, int averagePacket, long bytesPerSecond, Span<byte> table)
    {
        var ticks = PschedTicks.Of(bytesPerSecond, averagePacket);
        var slope = -KernelRandom.Log(1 - (1.0 / (1 << wlog))) / ticks;
        var cell = 0;
        while (cell < 32 && 31 / slope / (1L << cell) >= 512) cell++;
        if (cell >= 32) return -1;
        for (var i = 1; i < 255; i++) table[i] = (byte)Math.Min(31, ((long)i << cell) * slope);
        (table[0], table[255]) = (0, 31);
        return cell;
    }
}

/// <summary>The state of RED: the average and when to mark next (kernel: <c>struct red_vars</c>; Floyd and Jacobson 1993).</summary>
internal struct RedVars
{
    private int _count;
    private uint _random;
    private long _idleStart;
    private bool _idle;

    /// <summary>The average backlog in bytes, times 2^Wlog.</summary>
    public ulong Average { get; private set; }

    public static RedVars Start() => new() { _count = -1 };

    /// <summary>The queue is empty from <paramref name="now"/> on.</summary>
    public void BeginIdle(KernelTime now)
    {
        if (!_idle) (_idle, _idleStart) = (true, now.Nanoseconds);
    }

    /// <summary>A packet comes: the new average, and what to do with the packet (kernel: <c>red_calc_qavg</c>, <c>red_action</c>).</summary>
    public RedAction OnPacket(RedParameters parms, int backlog, KernelTime now, KernelRandom random)
    {
        Average = _idle ? Idle(parms, (now.Nanoseconds - _idleStart) / 1000) : Average + (ulong)backlog - (Average >> parms.Wlog);
        _idle = false;
        if (Average < (ulong)parms.Min << parms.Wlog)
        {
            _count = -1;
            return RedAction.DontMark;
        }

        if (Average >= (ulong)parms.Max << parms.Wlog)
        {
            _count = -1;
            return RedAction.HardMark;
        }

        if (++_count == 0)
        {
            _random = Next(parms, random);
            return RedAction.DontMark;
        }

        if (((Average - ((ulong)parms.Min << parms.Wlog)) >> parms.Wlog) * (ulong)_count < _random) return RedAction.DontMark;
        (_count, _random) = (0, Next(parms, random));
        return RedAction.ProbMark;
    }

    private readonly ulong Idle(RedParameters parms, long microseconds)
    {
        var idle = Math.Clamp(microseconds, 0, 255L << parms.ScellLog);
        var shift = parms.Stab[(idle >> parms.ScellLog) & 255];
        if (shift > 0) return Average >> shift;
        var decay = (Average * (ulong)idle) >> parms.ScellLog;
        return decay < Average >> 1 ? Average - decay : Average >> 1;
    }

    private static uint Next(RedParameters parms, KernelRandom random) => (uint)((random.NextUInt32() * (UInt128)parms.MaxPReciprocal) >> 32);
}
