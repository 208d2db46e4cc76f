using NetActors.Costs;
using NetActors.Observe;

namespace NetActors.Tests.Exactness;

/// <summary>Wakeups, switches, ksoftirqd and the threads of the sinks.</summary>
internal sealed partial class ReferenceCpu
{
    private void WakeKsoftirqd()
    {
        if (Ksoftirqd.State != ReferenceState.Sleeping) return;
        KsoftirqdWakeups++;
        Wake(Ksoftirqd);
    }

    /// <summary><c>sock_def_readable</c>: the one that has slept longest.</summary>
    private void WakeReader(ReferenceSocket socket)
    {
        if (socket.Waiting.Count == 0) return;
        var task = socket.Waiting[0];
        socket.Waiting.RemoveAt(0);
        task.Thread!.Resumed = true;
        Wake(task);
    }

    /// <summary><c>try_to_wake_up</c>.</summary>
    private void Wake(ReferenceTask task)
    {
        Log(TracePoint.sched_wakeup, arg1: task.Pid);
        Charge(CostOp.Wakeup);
        if (task.Cpu == this)
        {
            Tasks.Activate(task);
            return;
        }

        task.State = ReferenceState.Runnable;
        Charge(CostOp.RemoteWakeup);
        _simulator.Events.At(Now, EventKind.Interrupt, () => task.Cpu.RescheduleIpi(this, task));
    }

    private void StepTask()
    {
        if (Tasks.NeedResched || Tasks.Current is not { } task)
        {
            Switch();
        }
        else if (task.Burst > 0)
        {
            Tasks.EndSlice();
        }
        else if (task == Ksoftirqd)
        {
            if (!_pending)
            {
                Tasks.Block();
                return;
            }

            Ksoftirqd.InLoop = true;
            StartSoftirqs(true);
        }
        else if (task.Thread!.Batch.Count > 0)
        {
            Work(task, task.Thread);
        }
        else
        {
            Call(task, task.Thread);
        }
    }

    private void Switch()
    {
        if (!Tasks.Switch(out var previous)) return;
        Log(TracePoint.sched_switch, arg1: previous?.Pid ?? 0, arg2: Tasks.Current!.Pid);
        Charge(CostOp.ContextSwitch);
    }

    /// <summary><c>recvmmsg</c>: what is there at its begin, or sleep.</summary>
    private void Call(ReferenceTask task, ReferenceThread thread)
    {
        var socket = thread.Socket;
        if (task.NotBefore != Now) _simulator.Events.Touch(socket, this); // one that has waited comes when it is let, which is no accident
        if (socket.IsHeldByOther(this))
        {
            task.NotBefore = socket.BusyUntil > Now ? socket.BusyUntil : socket.Holder!.NextStep(); // lock_sock: it waits on its own CPU
            return;
        }

        var bytes = 0;
        while (thread.Batch.Count < thread.Sink.Batch && socket.Received.TryDequeue(out var frame))
        {
            socket.Rmem -= ReferenceSimulator.TrueSize;
            var payload = frame.Bytes - ReferenceSimulator.HeaderBytes;
            Log(TracePoint.skb_copy_datagram_iovec, frame.Id, payload);
            bytes += payload;
            thread.Batch.Add(frame);
        }

        if (!thread.Resumed) Charge(CostOp.SyscallEntry);
        thread.Resumed = false;
        if (thread.Batch.Count == 0)
        {
            socket.Waiting.Add(task);
            Tasks.Block();
        }
        else
        {
            socket.Delivered += thread.Batch.Count;
            Charge(CostOp.RecvMsg, thread.Batch.Count);
            Spend(_scenario.Costs[CostOp.CopyPerKiB] * bytes / 1024);
            Charge(CostOp.SyscallExit);
        }

        (socket.Holder, socket.BusyUntil) = (this, Now);
    }

    /// <summary>The program frees what it got and works on it.</summary>
    private void Work(ReferenceTask task, ReferenceThread thread)
    {
        foreach (var frame in thread.Batch)
        {
            Charge(CostOp.SkbFree);
            Log(TracePoint.consume_skb, frame.Id);
        }

        task.Burst = (long)thread.Sink.Service * thread.Batch.Count;
        thread.Batch.Clear();
    }
}
