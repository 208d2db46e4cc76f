using NetActors.Sockets;

namespace NetActors.Apps;

/// <summary>A program that makes the calls that somebody outside orders, one at a time, and sleeps in between.</summary>
internal sealed class OrderedProgram : AppProgram
{
    /// <summary>A call is under way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>It sleeps and waits for an order.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The call it makes; the caller fills it in.</summary>
    public SystemCall Next { get; private set; } = null!;

    /// <summary>Whose call it makes; the caller's own mark.</summary>
    public object? Owner { get; set; }

    /// <summary>Told of each call that ended.</summary>
    public Action<SystemCall> Ended { get; set; } = static _ => { };

    /// <inheritdoc />
    public override void Start()
    {
        Next = new SystemCall(Task.Entity, Task.Files);
        IsReady = true;
        Task.Wait();
    }

    /// <summary>The order: <see cref="Next"/> was filled in. From the device context.</summary>
    public void Go()
    {
        IsBusy = true;
        Task.Order(Next);
    }

    /// <summary>The call it sleeps in ends now, as after its timeout. From the device context.</summary>
    public void Interrupt()
    {
        if (Next.Waiter is { } waiter) waiter.OnTimeout(Task.Cpu);
        else Next.File?.Tell(new CancelCall(Next, Next.Use));
    }

    /// <inheritdoc />
    public override void OnCall(SystemCall call)
    {
        IsBusy = false;
        Ended(call);
        Task.Wait();
    }
}
