using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Hosts;

namespace NetActors.Nic;

/// <content>What a poll-mode driver in user space does with queues that the kernel has given up (DPDK's ethdev).</content>
internal sealed partial class NicDevice
{
    /// <summary>A program drives it: the kernel has neither interrupts of it nor packets.</summary>
    public bool IsPollMode { get; private set; }

    /// <summary>Frames that programs took off its rings themselves.</summary>
    public long Bypassed { get; private set; }

    /// <summary>The kernel gives the card up, before the host runs (<c>dpdk-devbind</c>).</summary>
    public void GiveUp()
    {
        IsPollMode = true;
        for (var i = 0; i < Napis.Length; i++)
        {
            Receive.Queue(i).Moderation.OnMasked();
            Receive.Queue(i).Attach(null);
            Napis[i].Disabled = true;
        }
    }

    /// <summary>Takes the next frame that is there. False when there is none.</summary>
    public bool PmdReceive(HostCpu cpu, int queue, out SkBuff skb)
    {
        var now = cpu.Cpu.Now;
        if (!(IsLazy ? Receive.TryPoll(queue, now, out skb) : Receive.TryPollRing(queue, now, out skb))) return false;
        cpu.Hand = skb;
        cpu.Cpu.Charge(CostOp.PmdReceive);
        cpu.Cpu.Own(ref skb.LastCpu);
        CountIn(cpu, skb);
        Bypassed++;
        return true;
    }

    /// <summary>Puts a frame on a ring. False when it is full: the caller still owns it.</summary>
    /// <param name="cpu">Who sends.</param>
    /// <param name="skb">The frame.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="ring">The hardware has to be told (<see cref="PmdRing"/>), once for several.</param>
    public bool PmdTransmit(HostCpu cpu, SkBuff skb, int queue, out bool ring)
    {
        skb.QueueMapping = (ushort)queue;
        return TryPost(cpu, skb, CostOp.PmdTransmit, out ring);
    }

    /// <summary>Tells the hardware of what is on a ring.</summary>
    public void PmdRing(int queue) => Ring(queue);

    /// <summary>Frees what the hardware has sent; its cost is part of sending.</summary>
    public void PmdClean(HostCpu cpu, int queue)
    {
        var (tx, bytes) = (TxQueues[queue], 0);
        while (tx.TryClean(cpu.Cpu.Now, out var skb))
        {
            bytes += skb.Length;
            skb.Free(SkbDropReason.CONSUMED);
        }

        tx.EndClean(bytes, cpu.Cpu.Now);
    }
}
