namespace NetActors.Qdisc;

/// <summary>The options of <see cref="Fq"/> with the kernel's defaults (net/sched/sch_fq.c, <c>fq_init</c>). Times in nanoseconds.</summary>
internal sealed record FqSettings
{
    public const int Bands = 3;
    public const long NoMaxRate = long.MaxValue;
    public const long NoCeThreshold = uint.MaxValue * 1000L;

    public int Limit { get; init; } = 10_000;
    public int FlowLimit { get; init; } = 100;
    public int Quantum { get; init; }
    public int InitialQuantum { get; init; }
    public int Buckets { get; init; } = 1024;
    public uint OrphanMask { get; init; } = 1023;
    public long MaxRate { get; init; } = NoMaxRate;
    public long LowRateThreshold { get; init; } = 550_000 / 8;
    public long RefillDelay { get; init; } = 40_000_000;
    public long CeThreshold { get; init; } = NoCeThreshold;
    public long TimerSlack { get; init; } = 10_000;
    public long Horizon { get; init; } = 10_000_000_000;
    public bool HorizonDrop { get; init; } = true;
    public bool Pacing { get; init; } = true;
    public byte[] PrioMap { get; init; } = [.. Qdisc.PrioMap.Default];
    public int[] Weights { get; init; } = [9 << 16, 3 << 16, 1 << 16];

    /// <summary>Reads options over these.</summary>
    public FqSettings With(TcWords words, long linkSpeed)
    {
        var s = this;
        while (words.HasNext)
        {
            var option = words.Next();
            s = option switch
            {
                "limit" => s with { Limit = (int)words.Whole(option, 0, int.MaxValue) },
                "flow_limit" => s with { FlowLimit = (int)words.Whole(option, 0, int.MaxValue) },
                "buckets" => s with { Buckets = PowerOfTwo(words, option) },
                "orphan_mask" => s with { OrphanMask = (uint)words.Whole(option) },
                "quantum" => s with { Quantum = (int)words.Whole(option, 1, 1 << 20) },
                "initial_quantum" => s with { InitialQuantum = (int)words.Whole(option, 0, int.MaxValue) },
                "maxrate" => s with { MaxRate = words.Rate(option, linkSpeed) },
                "low_rate_threshold" => s with { LowRateThreshold = words.Rate(option, linkSpeed) },
                "refill_delay" => s with { RefillDelay = words.Nanoseconds(option) },
                "ce_threshold" => s with { CeThreshold = words.Nanoseconds(option) },
                "timer_slack" => s with { TimerSlack = words.Nanoseconds(option) },
                "horizon" => s with { Horizon = words.Nanoseconds(option) },
                "horizon_cap" => s with { HorizonDrop = false },
                "horizon_drop" => s with { HorizonDrop = true },
                "pacing" => s with { Pacing = true },
                "nopacing" => s with { Pacing = false },
                "priomap" => s with { PrioMap = Qdisc.PrioMap.Read(words, Bands, s.PrioMap) },
                "weights" => s with { Weights = ReadWeights(words) },
                _ => Unknown(s, words, option),
            };
        }

        return s;
    }

    private static int PowerOfTwo(TcWords words, string option)
    {
        var buckets = (int)words.Whole(option, 1, 256 * 1024);
        return 1 << System.Numerics.BitOperations.Log2((uint)Math.Max(2, buckets));
    }

    private static int[] ReadWeights(TcWords words)
    {
        var weights = new int[Bands];
        for (var i = 0; i < Bands; i++) weights[i] = (int)words.Whole("weights", 16 * 1024, int.MaxValue);
        return weights;
    }

    private static FqSettings Unknown(FqSettings settings, TcWords words, string option)
    {
        words.Unknown(option);
        return settings;
    }
}
