using NetActors.Time;

namespace NetActors.Apps;

/// <summary>Takes user time, with pauses if asked: what competes with ksoftirqd.</summary>
internal sealed class CpuHogProgram(KernelTime burst, KernelTime pause) : AppProgram
{
    public override void Start() => Task.Burst(burst);

    public override void OnBurst()
    {
        if (pause > KernelTime.Zero) Task.SleepUntil(Task.Now + pause);
        else Task.Burst(burst);
    }

    public override void OnTimer(KernelTime now) => Task.Burst(burst);
}
