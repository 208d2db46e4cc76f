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

    /// <summary>Packets wait in a transmit ring.</summary>
    public sealed record Doorbell(int Queue);
}
