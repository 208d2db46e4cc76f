using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>A system call under way; the host completes it once.</summary>
/// <param name="syscall">What is called.</param>
public sealed class ScriptCall(ScriptSyscall syscall)
{
    private ScriptAnswer? _answer;

    /// <summary>What is called.</summary>
    public ScriptSyscall Syscall { get; } = syscall;

    /// <summary>True once there is an answer.</summary>
    public bool IsCompleted => _answer is not null;

    /// <summary>When it was completed; <see cref="KernelTime.Never"/> before.</summary>
    public KernelTime CompletedAt { get; private set; } = KernelTime.Never;

    /// <summary>The answer.</summary>
    /// <exception cref="InvalidOperationException">There is none yet.</exception>
    public ScriptAnswer Answer => _answer ?? throw new InvalidOperationException($"{Syscall.Name}() is not completed.");

    /// <summary>A call that was completed at once.</summary>
    public static ScriptCall Completed(ScriptSyscall syscall, ScriptAnswer answer, KernelTime at)
    {
        var call = new ScriptCall(syscall);
        call.Complete(answer, at);
        return call;
    }

    /// <summary>Gives the answer.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public void Complete(ScriptAnswer answer, KernelTime at)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (IsCompleted) throw new InvalidOperationException($"{Syscall.Name}() is completed already.");
        (_answer, CompletedAt) = (answer, at);
    }
}
