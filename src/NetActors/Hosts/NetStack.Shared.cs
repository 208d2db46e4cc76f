using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Ip;
using NetActors.Time;

namespace NetActors.Hosts;

/// <content>
/// Tables that all CPUs of a host change: neighbours and the packets that wait for them, fragments, the limits of ICMP. In virtual time one
/// handler runs at a time. In real time every CPU is a thread: one is at these tables at a time, and what others want of them
/// meanwhile they leave to it with the packet, as to a socket in use. Packets to reachable neighbours do not come here.
/// </content>
internal sealed partial class NetStack
{
    private readonly OwnedBacklog<SharedWork>? _shared; // null in virtual time
    private long _askedFor = long.MaxValue; // real time: when the tables are to be looked at next, in nanoseconds

    /// <summary>The CPU whose wheel has the one timer of these tables in real time, where no CPU may touch another's.</summary>
    public HostCpu? TimerCpu { get; set; }

    /// <summary>Work that waits for the CPU at the tables.</summary>
    public int SharedWaiting => _shared?.Waiting ?? 0;

    /// <summary>Starts the timer of the tables, on <see cref="TimerCpu"/>; does what a failed CPU left.</summary>
    public void AddTimers(HostCpu cpu)
    {
        Arm(cpu, NeighbourTimer, new KernelTime(Volatile.Read(ref _askedFor)));
        if (_shared is { HasWaiting: true }) Do(cpu, default);
    }

    /// <summary>A device went down: its neighbours are forgotten, on the CPU of the tables' timers in real time.</summary>
    public void ForgetNeighbours(int ifIndex)
    {
        if (_shared is null) Neighbours.IfDown(ifIndex);
        else TimerCpu!.ForgetNeighbours(this, ifIndex);
    }

    /// <summary>The same, on a CPU.</summary>
    public void ForgetNeighbours(HostCpu cpu, int ifIndex) => Do(cpu, new SharedWork(SharedWorkKind.LinkDown, Route: new Route { IfIndex = ifIndex }));

    /// <summary>Frees what waits, for shutting down.</summary>
    public void ReleaseShared(SkbDropReason reason)
    {
        while (_shared is not null && _shared.TryOwn() && _shared.TryTake(out var work))
        {
            work.Skb?.Free(reason);
            _shared.GiveUp();
        }
    }

    /// <summary>Does <paramref name="work"/>, here or on the CPU that is at the tables; the packet is given away.</summary>
    private void Do(HostCpu cpu, in SharedWork work)
    {
        if (_shared is null)
        {
            Perform(cpu, work);
            return;
        }

        var mine = work;
        if (work.Skb is not null) cpu.Release(work.Skb);
        if (!_shared.TryOwn(ref mine)) return;
        var done = false;
        try
        {
            do
            {
                cpu.Hand = mine.Skb;
                Perform(cpu, mine);
            }
            while (_shared.TryTake(out mine));
            done = true;
        }
        finally
        {
            if (!done)
            {
                _shared.GiveUp();
                TimerCpu!.AddTimers();
            }
        }
    }

    private void Perform(HostCpu cpu, in SharedWork work)
    {
        switch (work.Kind)
        {
            case SharedWorkKind.Transmit:
                ToUnresolved(cpu, work.Skb!, work.Route);
                break;
            case SharedWorkKind.Arp:
                TakeArp(cpu, work.Skb!);
                break;
            case SharedWorkKind.Fragment:
                var delivery = TakeFragment(cpu, work.Skb!, work.Route);
                if (delivery.Skb is null) break;
                cpu.Keep();
                Commit(cpu, ref delivery);
                break;
            case SharedWorkKind.Reply:
                Reply(cpu, work.Skb!, work.Route);
                break;
            case SharedWorkKind.Refuse:
                Refuse(cpu, work.Skb!, work.Route, work.Error);
                cpu.Drop(work.Skb!, work.Reason);
                break;
            case SharedWorkKind.Redirect:
                Redirect(cpu, work.Skb!, work.Route);
                break;
            case SharedWorkKind.NeighbourTimer:
                ExpireNeighbours(cpu);
                break;
            case SharedWorkKind.FragmentTimer:
                ExpireFragments(cpu);
                break;
            case SharedWorkKind.LinkDown:
                Neighbours.IfDown(work.Route.IfIndex);
                break;
            case SharedWorkKind.TimeWait:
                TakeTimeWait(cpu, work.Skb!);
                break;
            case SharedWorkKind.TimeWaitTimer:
                ExpireTimeWaits(cpu);
                break;
            case SharedWorkKind.Timers:
                Volatile.Write(ref _askedFor, long.MaxValue);
                ExpireNeighbours(cpu);
                ExpireFragments(cpu);
                ExpireTimeWaits(cpu);
                break;
        }
    }

    /// <summary>A table is due at <paramref name="due"/>, maybe earlier than before.</summary>
    private void OnDue(HostCpu cpu, TimerEntry timer, KernelTime due)
    {
        if (_shared is null)
        {
            Arm(cpu, timer, due);
        }
        else if (due.Nanoseconds < _askedFor)
        {
            Volatile.Write(ref _askedFor, due.Nanoseconds);
            TimerCpu!.AddTimers();
        }
    }

    private static void Arm(HostCpu cpu, TimerEntry timer, KernelTime due)
    {
        if (due.IsNever || (timer.IsPending && timer.Expires <= due)) return;
        TimerWheel.Cancel(timer);
        cpu.Timers.Arm(timer, due, cpu.Cpu.Now);
    }
}
