namespace NetActors.Nic;

/// <summary>What <see cref="RxQueueActor"/> is told.</summary>
internal static class RxQueueProtocol
{
    /// <summary>Poll up to your weight and answer.</summary>
    public sealed record Poll
    {
        public static readonly Poll Instance = new();
    }

    /// <summary>Go on where the horizon stopped you.</summary>
    public sealed record Continue
    {
        public static readonly Continue Instance = new();
    }
}

/// <summary>What <see cref="NicActor"/> is told.</summary>
internal static class NicProtocol
{
    /// <summary>A time that the NIC wanted to look at has come.</summary>
    public sealed record Look
    {
        public static readonly Look Instance = new();
    }

    /// <summary>A queue's poll is over: interrupts may come through.</summary>
    public sealed record Unmask(int Queue);

    /// <summary>The source of frames has new ones.</summary>
    public sealed record Arrivals
    {
        public static readonly Arrivals Instance = new();
    }

    /// <summary>The driver tells the hardware of a flow.</summary>
    public sealed record ArfsWork(ArfsRule Rule);

    /// <summary>The driver looks for flows that are idle.</summary>
    public sealed record ArfsScan
    {
        public static readonly ArfsScan Instance = new();
    }

    /// <summary>The driver programs the moderation of a queue that adaptation has chosen.</summary>
    public sealed record DimWork(int Queue);

    /// <summary>The hardware has sent packets of a queue.</summary>
    public sealed record Sent(int Queue);
}
