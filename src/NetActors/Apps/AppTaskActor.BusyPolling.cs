using NetActors.Costs;
using NetActors.Sockets;
using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Apps;

/// <content>
/// Busy polling: a call that would sleep has its task poll a NAPI, on the task's CPU and in its time (kernel: <c>__napi_busy_loop</c>). A pass
/// that would find nothing is made here at once; the others go the way that threaded NAPI goes.
/// </content>
internal sealed partial class AppTaskActor
{
    // cpu_relax(): PAUSE takes some 140 cycles on servers since Skylake. Time has to pass in a loop, also where nothing else is priced.
    private static readonly KernelTime Pause = KernelTime.FromNanoseconds(40);
    private const int MostPasses = 1_000_000;
    private readonly NapiBusyLoop _loop = new();
    private SoftirqProtocol.PollFor? _pollFor;
    private BusyLoopRequest? _busy; // at work
    private bool _yields; // it stops for another task, and goes on

    private void BeginBusyLoop(BusyLoopRequest request)
    {
        (_busy, _yields) = (request, false);
        if (Cpu.Napis.ById(request.NapiId) is not { } napi)
        {
            EndBusyLoop();
            return;
        }

        _loop.Begin(napi, request.Budget, request.Prefer, request.Usecs, Now);
        PassBusily();
    }

    private bool IsBusyLoopOver => _busy!.File.EndsBusyLoop || _loop.IsTimedOut(Now);

    private void PassBusily()
    {
        var cpu = Cpu.Cpu;
        if (_busy is null) return;
        if (_yields)
        {
            _yields = false;
            if (IsBusyLoopOver)
            {
                EndBusyLoop();
                return;
            }
        }

        cpu.Scheduler.IsPreemptDisabled = true;
        while (true)
        {
            var (began, next) = (cpu.Now, KernelTime.Never);
            if (_loop.TryOwn(began))
            {
                next = _loop.Napi.NextWork?.Invoke(began) ?? began;
                if (next <= began)
                {
                    PollBusily();
                    return;
                }

                PassEmpty(1);
            }

            if (JudgeBusyLoop()) return;
            if (cpu.Layer.IsVirtual) PassOn(next, cpu.Now - began);
            if (cpu.Layer.IsVirtual && !cpu.MustYield && cpu.NowNanoseconds < cpu.Layer.Horizon(cpu)) continue;
            cpu.Again(AppTaskProtocol.BusyPass.Instance);
            return;
        }
    }

    private void PassEmpty(int passes)
    {
        Cpu.Cpu.Charge(CostOp.NapiPollEntry, passes);
        _loop.CountEmpty(passes);
    }

    /// <summary>Virtual time: makes those passes at once that are over before anything can happen that they would see.</summary>
    /// <param name="next">When a pass would find something, as far as is known.</param>
    /// <param name="pass">How long a pass is.</param>
    private void PassOn(KernelTime next, KernelTime pass)
    {
        var cpu = Cpu.Cpu;
        if (cpu.Scheduler.WaitingTasks > 0) return; // its time slice ends
        var until = Math.Min(cpu.Layer.Horizon(cpu), Math.Min(next.Nanoseconds, _loop.End.Nanoseconds));
        var passes = (int)Math.Min(MostPasses, ((until - cpu.NowNanoseconds) / pass.Nanoseconds) - 1);
        if (passes <= 0) return;
        if (_loop.Owns) PassEmpty(passes);
        cpu.Spend(passes * Pause.Nanoseconds);
    }

    private void PollBusily() => Cpu.PollFor(_pollFor ??= new SoftirqProtocol.PollFor(_loop), Self);

    /// <summary>The softirq context has polled.</summary>
    private void OnBusilyPolled()
    {
        if (_busy is null) return;
        if (!_loop.Owns) EndBusyLoop(); // that was the last
        else if (!JudgeBusyLoop()) PassBusily();
    }

    /// <summary>True when the loop is over, or has to make room.</summary>
    private bool JudgeBusyLoop()
    {
        var isOver = IsBusyLoopOver;
        if (!isOver && !Cpu.Cpu.Scheduler.NeedResched)
        {
            if (Cpu.Cpu.Layer.IsVirtual) Cpu.Cpu.Spend(Pause.Nanoseconds);
            return false;
        }

        _yields = !isOver;
        if (_loop.Owns)
        {
            _loop.Stop(Cpu);
            PollBusily();
        }
        else
        {
            EndBusyLoop();
        }

        return true;
    }

    private void EndBusyLoop()
    {
        var request = _busy!;
        Cpu.Cpu.Scheduler.IsPreemptDisabled = false;
        if (_yields)
        {
            Self.Tell(AppTaskProtocol.BusyPass.Instance, Akka.Actor.ActorRefs.NoSender); // cond_resched
            return;
        }

        _busy = null;
        var call = request.Call;
        (call.BusyState, call.Resumed) = (BusyLoopState.Done, true);
        if (call is SystemCall { Name: Syscall.Poll or Syscall.Select } poll) PollAgain(poll);
        else request.File.Actor.Tell(call, Self);
    }

    /// <summary>The task ends in the middle of it.</summary>
    private void AbandonBusyLoop()
    {
        if (_busy is null) return;
        _busy = null;
        Cpu.Cpu.Scheduler.IsPreemptDisabled = false;
        _loop.Abandon(Cpu);
    }

    /// <summary>
    /// Each file's NAPI is polled once, as long as none is ready and <c>net.core.busy_poll</c> lasts (kernel: <c>do_poll</c>,
    /// <c>sock_poll</c> with POLL_BUSY_LOOP). False: a loop is under way, and the call comes again.
    /// </summary>
    private bool TryEndBusyPoll(SystemCall call)
    {
        var ready = call.Waiter!.Look(out var looked);
        if (call.BusyIndex > 0) Cpu.Cpu.Charge(CostOp.PollFile, looked);
        if (ready == 0)
        {
            for (; call.BusyIndex < call.Events.Length; call.BusyIndex++)
            {
                if (FileOf(call, call.BusyIndex) is not { } file || !file.TryBusyLoop(Cpu, call, once: true)) continue;
                call.BusyIndex++;
                return false;
            }

            var canLoop = false;
            for (var i = 0; i < call.Events.Length && !canLoop; i++) canLoop = FileOf(call, i) is { BusyOptions.BusyPoll: > 0 } file && Cpu.HasNapi(file.NapiId);
            var now = Now.Nanoseconds >> 10;
            if (call.BusyStart == 0) call.BusyStart = now;
            if (canLoop && !call.NonBlocking && !call.TimedOut && !Cpu.Cpu.Scheduler.NeedResched && now <= call.BusyStart + Cpu.BusyPollUsecs)
            {
                call.BusyIndex = 0;
                return TryEndBusyPoll(call);
            }
        }

        call.BusyIndex = -1;
        return true;
    }

    private static SocketFile? FileOf(SystemCall call, int entry) => (int)call.Events[entry].Data is >= 0 and var fd ? call.Files[fd] : null;
}
