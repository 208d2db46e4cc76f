namespace NetActors.Softirq;

/// <summary>What <see cref="SoftirqContextActor"/> is told.</summary>
internal static class SoftirqProtocol
{
    /// <summary>Run what is pending (kernel: <c>__do_softirq</c>).</summary>
    public sealed record Run
    {
        public static readonly Run Instance = new();
    }

    /// <summary>Poll once for a task, which has switched bottom halves off (kernel: <c>napi_threaded_poll_loop</c>, <c>__napi_busy_loop</c>).</summary>
    public sealed record PollFor(INapiPoller Poller);

    /// <summary>Go on where the horizon stopped it.</summary>
    public sealed record Continue
    {
        public static readonly Continue Instance = new();
    }

    /// <summary>The poll failed before it could complete: the NAPI is owned still and has to be polled again.</summary>
    public sealed record PollFailed
    {
        public static readonly PollFailed Instance = new();
    }

    /// <summary>The NAPI that was asked to poll is done; its <c>Work</c> says what it found.</summary>
    /// <param name="IsCompleted">The driver has completed it: by the time this is read it may be another CPU's.</param>
    public sealed record Polled(bool IsCompleted)
    {
        public static readonly Polled Instance = new(false);

        /// <summary>The poll that was completed.</summary>
        public static readonly Polled AndCompleted = new(true);
    }
}

/// <summary>What <see cref="KsoftirqdActor"/> and other tasks are told that have the softirq context work for them.</summary>
internal static class KsoftirqdProtocol
{
    /// <summary>It was woken, or may go on.</summary>
    public sealed record Run
    {
        public static readonly Run Instance = new();
    }

    /// <summary>The softirq loop that it began is over.</summary>
    public sealed record LoopDone
    {
        public static readonly LoopDone Instance = new();
    }
}
