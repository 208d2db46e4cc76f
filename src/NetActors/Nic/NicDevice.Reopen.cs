using NetActors.Hosts;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Nic;

/// <content>
/// The device closed and opened again while the host runs, in virtual time: other rings, other channels, or since a transmit queue hangs
/// (kernel: <c>ixgbe_set_ringparam</c>, <c>ixgbe_set_channels</c>, <c>ixgbe_tx_timeout</c>; specification sections 1.5, 1.9 and 7.9).
/// </content>
internal sealed partial class NicDevice : ITimerTarget
{
    private static readonly KernelTime WatchdogTimeo = KernelTime.FromSeconds(5); // what dev_watchdog takes when a driver sets none
    private TimerEntry[] _watchdogs = []; // in real time one for each CPU, whose wheels only they may touch

    /// <summary>Queue pairs that are in use, the first ones (kernel: <c>real_num_rx_queues</c>, <c>real_num_tx_queues</c>).</summary>
    public int QueuesInUse { get; private set; }

    /// <summary><c>ethtool -L combined N</c>: up to the queues that the device was made with.</summary>
    public EthtoolResult SetChannels(int combined, HostCpu[] cpus, KernelTime now)
    {
        if (combined > Napis.Length) return EthtoolResult.Invalid($"combined {combined}: the device has at most {Napis.Length} channels");
        if (Qdiscs.Root is Mqprio) return EthtoolResult.Invalid("mqprio has given the queues to traffic classes: delete it first");
        var before = QueuesInUse;
        var answer = Ethtool.SetChannels(combined, now); // which takes the receive rings down
        if (!answer.Ok || combined == before) return answer;
        QueuesInUse = combined;
        TxSteering = Xps.Steering(combined);
        for (var queue = combined; queue < before && Qdiscs.Root is Mq; queue++) Qdiscs.Active[queue].Reset(); // qdisc_reset_all_tx_gt
        Arfs.Clear();
        OnAffinity(cpus);
        ReplaceTxRings(cpus[0]);
        return answer;
    }

    /// <summary><c>ethtool -G rx N tx N</c>: all rings are made anew if one changes.</summary>
    public EthtoolResult SetRing(int? rx, int? tx, KernelTime now)
    {
        var before = (Receive.RingSize, Ethtool.TxRing);
        var answer = Ethtool.SetRing(rx, tx, now);
        if (!answer.Ok || before == (Receive.RingSize, Ethtool.TxRing)) return answer;
        if (before.RingSize == Receive.RingSize) Receive.SetRing(before.RingSize, now);
        ReplaceTxRings(_stack.Cpus[0]);
        return answer;
    }

    /// <summary>
    /// A transmit queue is stopped: if it is still after <see cref="WatchdogTimeo"/>, the card hangs (kernel: <c>dev_watchdog</c>).
    /// </summary>
    private void WatchStopped(HostCpu cpu)
    {
        var timer = _watchdogs[IsLazy ? 0 : cpu.Cpu.LocalId];
        if (!timer.IsPending) cpu.Timers.Arm(timer, cpu.Cpu.Now + WatchdogTimeo, cpu.Cpu.Now);
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        var cpu = (HostCpu)Execution.EmulatedCpu.Current!.Hooks!;
        var (oldest, hangs) = (KernelTime.Never, false);
        for (var i = 0; i < QueuesInUse; i++)
        {
            var queue = TxQueues[i];
            if (!queue.IsStopped) continue;
            if (now - queue.LastPosted < WatchdogTimeo)
            {
                oldest = KernelTime.Min(oldest, queue.LastPosted);
                continue;
            }

            queue.Timeouts++;
            hangs = true;
        }

        if (hangs && IsLazy) // in real time the rings are in others' hands: it is only counted
        {
            Receive.SetRing(Receive.RingSize, now);
            ReplaceTxRings(cpu);
            LookAgain();
        }
        else if (!oldest.IsNever)
        {
            cpu.Timers.Arm(timer, oldest + WatchdogTimeo, now);
        }
    }

    /// <summary>What the rings held is lost; queues that were stopped go on, on a CPU.</summary>
    private void ReplaceTxRings(HostCpu cpu)
    {
        for (var i = 0; i < TxQueues.Length; i++)
        {
            TxQueues[i].Replace(Ethtool.TxRing, Runners[i].GiveUp);
            Runners[i].ScheduleOn(cpu);
        }
    }
}
