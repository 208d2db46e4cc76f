using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>How waiting for a host ended.</summary>
public enum HostWait
{
    /// <summary>What was waited for is there.</summary>
    Happened,

    /// <summary>The time is over; the host's clock shows it.</summary>
    TimeReached,

    /// <summary>Nothing is pending any more: it will never come. The clock may stand anywhere up to the limit.</summary>
    Idle,
}

/// <summary>A packet that the host has sent.</summary>
/// <param name="Time">When it left.</param>
/// <param name="Bytes">The packet from its IP header on, its own copy.</param>
public readonly record struct OutboundPacket(KernelTime Time, byte[] Bytes);

/// <summary>
/// The stack under test as a script sees it: a clock, one interface, system calls. Its clock moves only in <see cref="AdvanceTo"/>,
/// <see cref="RunUntilPacket"/> and <see cref="RunUntilCompleted"/> (and by what work is charged); timers run in order, each at its time.
/// </summary>
public interface IScriptHost
{
    /// <summary>The host's clock.</summary>
    KernelTime Now { get; }

    /// <summary>Moves the clock; everything due on the way is done. A time that is over does nothing.</summary>
    void AdvanceTo(KernelTime time);

    /// <summary>
    /// Answers at once when a packet waits to be taken; else moves the clock, timer by timer, until one does or the limit is there.
    /// </summary>
    HostWait RunUntilPacket(KernelTime limit);

    /// <summary>Takes the packet that left first. False when none waits.</summary>
    bool TryTakePacket(out OutboundPacket packet);

    /// <summary>Lets a packet, from its IP header on, arrive now, and settles.</summary>
    void Inject(ReadOnlySpan<byte> packet);

    /// <summary>Begins a system call; it may be completed on return, or later by what the host does.</summary>
    ScriptCall Begin(ScriptSyscall syscall);

    /// <summary>Moves the clock until the call is completed or the limit is there.</summary>
    HostWait RunUntilCompleted(ScriptCall pending, KernelTime limit);
}
