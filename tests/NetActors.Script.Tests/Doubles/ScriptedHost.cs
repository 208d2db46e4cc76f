using NetActors.Script.Running;
using NetActors.Time;

namespace NetActors.Script.Tests.Doubles;

/// <summary>A stack that does what a test tells it: packets at times, answers to calls, reactions to what arrives.</summary>
internal sealed class ScriptedHost : IScriptHost
{
    private readonly List<(KernelTime Time, Action Act)> _due = [];
    private readonly Queue<OutboundPacket> _out = [];

    public KernelTime Now { get; private set; } = KernelTime.FromSeconds(1000);

    public List<byte[]> Injected { get; } = [];

    public List<ScriptSyscall> Calls { get; } = [];

    /// <summary>Answers a call; null leaves it open.</summary>
    public Func<ScriptSyscall, ScriptAnswer?> Answer { get; set; } = static _ => ScriptAnswer.Return(0);

    /// <summary>What the stack does when a packet arrives.</summary>
    public Action<byte[]> OnInject { get; set; } = static _ => { };

    public List<ScriptCall> Open { get; } = [];

    public static KernelTime Ms(double ms) => KernelTime.FromMicroseconds((long)(ms * 1000));

    /// <summary>Sends a packet so many milliseconds from now.</summary>
    public void Send(byte[] packet, double ms = 0) => After(ms, () => _out.Enqueue(new OutboundPacket(Now, packet)));

    /// <summary>Completes the oldest open call so many milliseconds from now.</summary>
    public void Complete(ScriptAnswer answer, double ms = 0) => After(ms, () =>
    {
        var call = Open[0];
        Open.RemoveAt(0);
        call.Complete(answer, Now);
    });

    /// <summary>The clock moves by itself, as when work is charged.</summary>
    public void Charge(double ms) => Now += Ms(ms);

    public void AdvanceTo(KernelTime time)
    {
        while (_due.Count > 0 && _due[0].Time <= time) RunNext();
        Now = KernelTime.Max(Now, time);
    }

    public HostWait RunUntilPacket(KernelTime limit) => RunUntil(() => _out.Count > 0, limit);

    public bool TryTakePacket(out OutboundPacket packet) => _out.TryDequeue(out packet);

    public void Inject(ReadOnlySpan<byte> packet)
    {
        Injected.Add(packet.ToArray());
        OnInject(Injected[^1]);
        AdvanceTo(Now);
    }

    public HostWait RunUntilCompleted(ScriptCall pending, KernelTime limit) => RunUntil(() => pending.IsCompleted, limit);

    public ScriptCall Begin(ScriptSyscall syscall)
    {
        Calls.Add(syscall);
        var call = new ScriptCall(syscall);
        if (Answer(syscall) is { } answer) call.Complete(answer, Now);
        else Open.Add(call);
        AdvanceTo(Now);
        return call;
    }

    private void After(double ms, Action act)
    {
        var time = Now + Ms(ms);
        var at = _due.FindIndex(entry => entry.Time > time);
        _due.Insert(at < 0 ? _due.Count : at, (time, act));
    }

    private HostWait RunUntil(Func<bool> isDone, KernelTime limit)
    {
        while (!isDone())
        {
            if (_due.Count == 0) return HostWait.Idle;
            if (_due[0].Time > limit)
            {
                Now = limit;
                return HostWait.TimeReached;
            }

            RunNext();
        }

        return HostWait.Happened;
    }

    private void RunNext()
    {
        var (time, act) = _due[0];
        _due.RemoveAt(0);
        Now = KernelTime.Max(Now, time);
        act();
    }
}
