using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>How the reads of a program's sockets busy poll.</summary>
/// <param name="Usecs"><c>SO_BUSY_POLL</c> in microseconds; null leaves <c>net.core.busy_read</c>.</param>
/// <param name="Prefer"><c>SO_PREFER_BUSY_POLL</c>.</param>
/// <param name="Budget"><c>SO_BUSY_POLL_BUDGET</c>, packets of a poll.</param>
public sealed record BusyPollSettings(int? Usecs, bool Prefer, int Budget)
{
    /// <summary>What a program has that says nothing.</summary>
    public static BusyPollSettings Default { get; } = new(null, false, 8);
}

/// <summary>How an epoll instance busy polls (<c>EPIOCSPARAMS</c>).</summary>
/// <param name="Time">How long a wait polls; zero leaves <c>net.core.busy_poll</c>.</param>
/// <param name="Budget">Packets of a poll; 0 for 8.</param>
/// <param name="Prefer">It would rather poll than be interrupted.</param>
public sealed record EpollBusyPollSettings(KernelTime Time, int Budget, bool Prefer)
{
    /// <summary>What a program has that says nothing.</summary>
    public static EpollBusyPollSettings Default { get; } = new(KernelTime.Zero, 0, false);
}
