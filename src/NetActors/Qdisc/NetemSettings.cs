namespace NetActors.Qdisc;

/// <summary>Which losses netem makes.</summary>
internal enum NetemLossModel
{
    /// <summary>Each for itself, with correlation.</summary>
    Random,

    /// <summary>A chain of four states (<c>loss state</c>).</summary>
    FourStates,

    /// <summary>Gilbert and Elliott (<c>loss gemodel</c>).</summary>
    GilbertElliott,
}

/// <summary>The options of <see cref="Netem"/>. Times in nanoseconds, shares of 2^32 - 1 (kernel: <c>struct netem_sched_data</c>).</summary>
internal sealed class NetemSettings
{
    private const uint All = uint.MaxValue;

    public int Limit { get; private set; } = 1000;

    public long Latency { get; private set; }

    public long Jitter { get; private set; }

    public uint DelayCorrelation { get; private set; }

    public short[]? Distribution { get; private set; }

    public NetemLossModel LossModel { get; private set; }

    public uint Loss { get; private set; }

    public uint LossCorrelation { get; private set; }

    /// <summary>The transitions of the loss model in the kernel's order (<c>clg.a1</c> to <c>a5</c>).</summary>
    public uint[] Chain { get; private set; } = [];

    public bool Ecn { get; private set; }

    public uint Duplicate { get; private set; }

    public uint DuplicateCorrelation { get; private set; }

    public uint Corrupt { get; private set; }

    public uint CorruptCorrelation { get; private set; }

    public uint Reorder { get; private set; }

    public uint ReorderCorrelation { get; private set; }

    public int Gap { get; private set; }

    public long Rate { get; private set; }

    public int PacketOverhead { get; private set; }

    public int CellSize { get; private set; }

    public int CellOverhead { get; private set; }

    public NetemSlots? Slots { get; private set; }

    /// <summary>Reads them (iproute2: tc/q_netem.c).</summary>
    public static NetemSettings Read(TcWords words, long linkSpeed)
    {
        var s = new NetemSettings();
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "limit": s.Limit = (int)words.Whole(option, 1, int.MaxValue); break;
                case "delay" or "latency":
                    s.Latency = words.Nanoseconds(option);
                    if (!words.NextIsNumber) break;
                    s.Jitter = words.Nanoseconds(option);
                    s.DelayCorrelation = Correlation(words, option);
                    break;
                case "distribution":
                    s.Distribution = NetemDistribution.Find(words);
                    break;
                case "loss" or "drop": s.ReadLoss(words, option); break;
                case "ecn": s.Ecn = true; break;
                case "duplicate": (s.Duplicate, s.DuplicateCorrelation) = (words.Percent(option), Correlation(words, option)); break;
                case "corrupt": (s.Corrupt, s.CorruptCorrelation) = (words.Percent(option), Correlation(words, option)); break;
                case "reorder": (s.Reorder, s.ReorderCorrelation) = (words.Percent(option), Correlation(words, option)); break;
                case "gap": s.Gap = (int)words.Whole(option, 0, int.MaxValue); break;
                case "rate": s.ReadRate(words, linkSpeed); break;
                case "slot": s.Slots = NetemSlots.Read(words); break;
                default: words.Unknown(option); break;
            }
        }

        if (s.Reorder > 0 && s.Gap == 0) s.Gap = 1;
        if (s.Reorder > 0 && s.Latency == 0) words.Fail("reordering is not possible without a delay");
        if (s.Gap > 0 && s.Reorder == 0) s.Reorder = All;
        if (s.Distribution is not null && s.Jitter == 0 && s.Slots is null) words.Fail("distribution needs a delay with jitter");
        if (s.Ecn && s.Loss == 0 && s.LossModel == NetemLossModel.Random) words.Fail("ecn needs loss");
        return s;
    }

    private static uint Correlation(TcWords words, string option) => words.NextIsNumber ? words.Percent(option) : 0;

    private void ReadLoss(TcWords words, string option)
    {
        words.Skip("random");
        if (words.Skip("state"))
        {
            var p13 = words.Percent("state");
            var (p31, p32, p23, p14) = (All - p13, 0u, All, 0u);
            if (words.NextIsNumber) p31 = words.Percent("state");
            if (words.NextIsNumber) p32 = words.Percent("state");
            if (words.NextIsNumber) p23 = words.Percent("state");
            if (words.NextIsNumber) p14 = words.Percent("state");
            (LossModel, Chain) = (NetemLossModel.FourStates, [p13, p31, p32, p14, p23]);
            return;
        }

        if (words.Skip("gemodel"))
        {
            var p = words.Percent("gemodel");
            var (r, h, k1) = (All - p, 0u, 0u);
            if (words.NextIsNumber) r = words.Percent("gemodel");
            if (words.NextIsNumber) h = All - words.Percent("gemodel"); // the option is 1-h
            if (words.NextIsNumber) k1 = words.Percent("gemodel");
            (LossModel, Chain) = (NetemLossModel.GilbertElliott, [p, r, h, k1]);
            return;
        }

        (LossModel, Loss, LossCorrelation) = (NetemLossModel.Random, words.Percent(option), Correlation(words, option));
    }

    private void ReadRate(TcWords words, long linkSpeed)
    {
        Rate = words.Rate("rate", linkSpeed);
        if (!words.NextIsSignedNumber) return;
        PacketOverhead = (int)words.Whole("packet overhead", int.MinValue, int.MaxValue);
        if (!words.NextIsNumber) return;
        CellSize = (int)words.Whole("cell size", 0, int.MaxValue);
        if (words.NextIsSignedNumber) CellOverhead = (int)words.Whole("cell overhead", int.MinValue, int.MaxValue);
    }
}

/// <summary>When the queue opens and how much goes then (kernel: <c>struct tc_netem_slot</c>). Nanoseconds, packets, bytes.</summary>
internal sealed record NetemSlots(long MinDelay, long MaxDelay, short[]? Distribution, long DistDelay, long DistJitter, int MaxPackets, int MaxBytes)
{
    public static NetemSlots Read(TcWords words)
    {
        var slots = new NetemSlots(0, 0, null, 0, 0, 0, 0);
        if (words.NextIsNumber)
        {
            var least = words.Nanoseconds("slot");
            slots = slots with { MinDelay = least, MaxDelay = words.NextIsNumber ? words.Nanoseconds("slot") : least };
        }
        else if (words.Skip("distribution"))
        {
            slots = slots with { Distribution = NetemDistribution.Find(words), DistDelay = words.Nanoseconds("slot"), DistJitter = words.Nanoseconds("slot") };
        }
        else
        {
            words.Fail("\"slot\" needs a delay or a distribution");
        }

        if (words.Skip("packets")) slots = slots with { MaxPackets = (int)words.Whole("packets", 0, int.MaxValue) };
        if (words.Skip("bytes")) slots = slots with { MaxBytes = words.Size("bytes") };
        if (slots.MinDelay > slots.MaxDelay) words.Fail("slot: the least delay is above the most");
        return slots;
    }
}
