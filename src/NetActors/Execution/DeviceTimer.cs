using Akka.Actor;
using NetActors.Time;

namespace NetActors.Execution;

/// <summary>
/// A time at which a device wants to look again. Moving it sends no second message unless it comes earlier; a message that comes too early
/// is sent on.
/// </summary>
internal sealed class DeviceTimer(ExecutionLayer layer, IActorRef target, object message)
{
    private KernelTime _posted = KernelTime.Never;

    /// <summary>When to look; <see cref="KernelTime.Never"/> when there is nothing to look for.</summary>
    public KernelTime Wanted { get; private set; } = KernelTime.Never;

    /// <summary>Looks at <paramref name="at"/> instead of at any earlier wish.</summary>
    public void Arm(KernelTime at)
    {
        Wanted = at;
        if (at >= _posted) return;
        _posted = at;
        layer.TellAt(target, message, at);
    }

    /// <summary>The message came. False when it is not yet, or no longer, the time.</summary>
    public bool IsDue(KernelTime now)
    {
        if (_posted <= now) _posted = KernelTime.Never;
        if (Wanted <= now)
        {
            Wanted = KernelTime.Never;
            return true;
        }

        if (!Wanted.IsNever) Arm(Wanted);
        return false;
    }
}
