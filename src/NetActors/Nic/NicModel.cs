using NetActors.Time;

namespace NetActors.Nic;

/// <summary>What a kind of network card can do and begins with (specification sections 1.5, 1.6, 2.1 to 2.3).</summary>
public sealed record NicModel
{
    /// <summary>Name of the driver.</summary>
    public string Name { get; init; } = "generic";

    /// <summary>Most receive queues that RSS can spread over.</summary>
    public int MaxQueues { get; init; } = 128;

    /// <summary>Entries of the indirection table.</summary>
    public int IndirectionSize { get; init; } = 128;

    /// <summary>Bytes of the RSS key: 40 or 52.</summary>
    public int KeyBytes { get; init; } = 40;

    /// <summary>Descriptors of a receive ring at boot.</summary>
    public int RxRing { get; init; } = 512;

    /// <summary>Descriptors of a transmit ring at boot.</summary>
    public int TxRing { get; init; } = 512;

    /// <summary>Fewest descriptors.</summary>
    public int MinRing { get; init; } = 64;

    /// <summary>Most descriptors.</summary>
    public int MaxRing { get; init; } = 4096;

    /// <summary>Ring sizes are rounded up to a multiple of this.</summary>
    public int RingMultiple { get; init; } = 8;

    /// <summary>Cleaned descriptors that the driver posts at a time.</summary>
    public int RefillBatch { get; init; } = 16;

    /// <summary>Bytes of a receive buffer: a longer frame takes several descriptors.</summary>
    public int RxBufferBytes { get; init; } = 2048;

    /// <summary>How the device holds interrupts back.</summary>
    public ModerationKind Moderation { get; init; }

    /// <summary>Moderation at boot.</summary>
    public CoalesceSettings Coalesce { get; init; } = CoalesceSettings.Off;

    /// <summary>From a decision of <see cref="NetDim"/> until the device has it: the driver's work item and the device's command; an assumption.</summary>
    public KernelTime DimDelay { get; init; } = KernelTime.FromMicroseconds(100);

    /// <summary>As ixgbe: <c>rx-usecs 1</c> means adaptive, and there is no switch <c>adaptive-rx</c>.</summary>
    public bool AdaptiveIsUsecsOne { get; init; }

    /// <summary>As igb and ixgbe: TCP hashes on sdfn, UDP on sd or sdfn, everything else on sd.</summary>
    public bool FixedHashFields { get; init; }

    /// <summary>Has other hash functions than Toeplitz, and symmetric transforms.</summary>
    public bool OtherHashes { get; init; } = true;

    /// <summary>Bytes of packet buffer on the chip (FIFO), where frames wait when a ring is full and may not drop.</summary>
    public int FifoBytes { get; init; } = 512 * 1024;

    /// <summary>Filling at which the NIC asks the wire to pause.</summary>
    public int PauseHighBytes => FifoBytes / 4 * 3;

    /// <summary>Filling at which it lets the wire go on.</summary>
    public int PauseLowBytes => FifoBytes / 2;

    /// <summary>Pause frames at boot, both directions.</summary>
    public bool Pause { get; init; }

    /// <summary>Locations for flow rules.</summary>
    public int FlowRuleLocations { get; init; } = 2046;

    /// <summary>A card without peculiarities: 512 descriptors, table of 128, no moderation, no pause.</summary>
    public static NicModel Generic { get; } = new();

    /// <summary>Intel 82599 and X540.</summary>
    public static NicModel Ixgbe { get; } = new()
    {
        Name = "ixgbe",
        MaxQueues = 16,
        MaxRing = 8192,
        Moderation = ModerationKind.Throttle,
        Coalesce = new(1, 0, true),
        AdaptiveIsUsecsOne = true,
        FixedHashFields = true,
        OtherHashes = false,
        Pause = true,
    };

    /// <summary>Intel X550.</summary>
    public static NicModel IxgbeX550 { get; } = Ixgbe with { MaxQueues = 63, IndirectionSize = 512, MaxRing = 4096 };

    /// <summary>Intel gigabit. Its adaptation is taken to be ixgbe's.</summary>
    public static NicModel Igb { get; } = Ixgbe with { Name = "igb", MaxQueues = 8, RxRing = 256, TxRing = 256, MaxRing = 4096, FifoBytes = 32 * 1024 };

    /// <summary>Intel XL710.</summary>
    public static NicModel I40e { get; } = new()
    {
        Name = "i40e",
        MaxQueues = 64,
        IndirectionSize = 512,
        KeyBytes = 52,
        RingMultiple = 32,
        RefillBatch = 32,
        Moderation = ModerationKind.Throttle,
        Coalesce = new(50, 0, true),
        OtherHashes = false,
    };

    /// <summary>Intel E810.</summary>
    public static NicModel Ice { get; } = I40e with { Name = "ice", MaxQueues = 256, IndirectionSize = 2048, RxRing = 2048, TxRing = 256, OtherHashes = true };

    /// <summary>NVIDIA ConnectX: DIM on, the time restarting with each completion on the way in (<c>mlx5e_build_nic_params</c>).</summary>
    public static NicModel Mlx5 { get; } = new() { Name = "mlx5", RxRing = 1024, TxRing = 1024, MaxRing = 8192, Moderation = ModerationKind.CompletionQueue, Coalesce = new(8, 128, true) { AdaptiveTx = true, CqeModeRx = true } };
}
