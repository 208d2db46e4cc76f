using NetActors.Sockets;

namespace NetActors.Control;

/// <summary>What <see cref="RtnlActor"/> is told.</summary>
internal static class RtnlProtocol
{
    /// <summary>Make a change and answer how it ended.</summary>
    /// <param name="Apply">The change.</param>
    /// <param name="Answered">Gets the answer.</param>
    public sealed record Change(Func<RtnlTables, Errno> Apply, TaskCompletionSource<Errno> Answered);
}
