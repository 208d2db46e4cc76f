namespace NetActors.Qdisc;

/// <summary>What a class may do now (kernel: <c>enum htb_cmode</c>).</summary>
internal enum HtbMode
{
    /// <summary>Its ceiling is reached.</summary>
    CantSend,

    /// <summary>Its own rate is used up: what its parent has left.</summary>
    MayBorrow,

    /// <summary>Its own rate is enough.</summary>
    CanSend,
}

/// <summary>A class of <see cref="Htb"/> (kernel: <c>struct htb_class</c>): tokens of its rate and of its ceiling, in nanoseconds.</summary>
internal sealed class HtbClass(uint id, HtbClass? parent, HtbClassSettings settings)
{
    public const int MaxDepth = 8; // TC_HTB_MAXDEPTH
    public const int Priorities = 8; // TC_HTB_NUMPRIO
    private const long MaxWait = 60_000_000_000; // mbuffer

    public readonly uint Id = id;
    public readonly HtbClass? Parent = parent;
    public readonly QdiscStats Stats = new();
    public HtbClassSettings Settings = settings;
    public QdiscBase? Leaf;
    public TcFilters? Filters;
    public int Level;
    public int Children;
    public HtbMode Mode = HtbMode.CanSend;
    public uint ActivePriorities;
    public readonly HtbFeed[] Feeds = [.. Enumerable.Range(0, Priorities).Select(_ => new HtbFeed())];
    public readonly long[] Deficit = new long[MaxDepth];
    public long EventAt; // when its mode changes
    public bool IsWaiting;
    public long Tokens, CeilTokens, Checkpoint;
    public long Lends, Borrows, Giants;

    /// <summary>Its buckets are full.</summary>
    public void Fill(long now) => (Tokens, CeilTokens, Checkpoint, Mode) = (Settings.Buffer, Settings.CeilBuffer, now, HtbMode.CanSend);

    /// <summary>Time since the buckets were last looked at.</summary>
    public long Since(long now) => Math.Min(now - Checkpoint, MaxWait);

    /// <summary>Bytes went at <paramref name="now"/>: those of this class or lent to one below (<c>htb_charge_class</c>).</summary>
    public void Charge(long now, int bytes, bool own)
    {
        var since = Since(now);
        Tokens = own ? Account(Tokens, since, Settings.Buffer, Settings.RateTable.Nanoseconds(bytes)) : Tokens + since;
        CeilTokens = Account(CeilTokens, since, Settings.CeilBuffer, Settings.CeilTable.Nanoseconds(bytes));
        Checkpoint = now;
    }

    /// <summary>What it may do after <paramref name="wait"/> more nanoseconds, and how long until that changes (<c>htb_class_mode</c>).</summary>
    public HtbMode ModeAfter(ref long wait)
    {
        if (CeilTokens + wait < 0)
        {
            wait = -(CeilTokens + wait);
            return HtbMode.CantSend;
        }

        if (Tokens + wait >= 0) return HtbMode.CanSend;
        wait = -(Tokens + wait);
        return HtbMode.MayBorrow;
    }

    private static long Account(long tokens, long since, long buffer, long cost)
    {
        tokens = Math.Min(tokens + since, buffer) - cost;
        return tokens <= -MaxWait ? 1 - MaxWait : tokens;
    }
}

/// <summary>The options of a class (iproute2: tc/q_htb.c). Rates in bytes a second, buffers in nanoseconds.</summary>
internal sealed record HtbClassSettings(PschedRate RateTable, PschedRate CeilTable, long Buffer, long CeilBuffer, int Priority, int Quantum)
{
    /// <summary>Reads them. Null when something is wrong or missing, which the words then say.</summary>
    public static HtbClassSettings? Read(TcWords words, long linkSpeed, int rate2Quantum)
    {
        var (rate, ceil) = (0L, 0L);
        var (burst, cburst, priority, quantum, mtu, overhead) = (0, 0, 0, 0, 1600, 0);
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "rate": rate = words.Rate(option, linkSpeed); break;
                case "ceil": ceil = words.Rate(option, linkSpeed); break;
                case "burst" or "buffer" or "maxburst": burst = words.Size(option); break;
                case "cburst" or "cbuffer" or "cmaxburst": cburst = words.Size(option); break;
                case "prio": priority = (int)Math.Min(HtbClass.Priorities - 1, words.Whole(option, 0, 255)); break;
                case "quantum": quantum = (int)words.Whole(option, 1, int.MaxValue); break;
                case "mtu": mtu = (int)words.Whole(option, 1, 65535); break;
                case "overhead": overhead = (int)words.Whole(option, 0, 65535); break;
                default: words.Unknown(option); break;
            }
        }

        if (rate <= 0) words.Fail("\"rate\" is required");
        if (words.Fault is not null) return null;
        if (ceil == 0) ceil = rate;
        if (burst == 0) burst = (int)(rate / 1_000_000_000) + mtu; // a kernel with timers to the nanosecond
        if (cburst == 0) cburst = (int)(ceil / 1_000_000_000) + mtu;
        if (quantum == 0) quantum = (int)Math.Clamp(rate / rate2Quantum, 1000, 200_000);
        return new HtbClassSettings(new PschedRate(rate, overhead), new PschedRate(ceil, overhead), Ticks(rate, burst), Ticks(ceil, cburst), priority, quantum);
    }

    private static long Ticks(long rate, int bytes) => (long)PschedTicks.Of(rate, bytes) * PschedTicks.Nanoseconds;
}
