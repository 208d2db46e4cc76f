using NetActors.Hosts;
using NetActors.Softirq;

namespace NetActors.Irq;

/// <summary>What <see cref="CpuActor"/> is told.</summary>
internal static class CpuProtocol
{
    /// <summary>Why one CPU interrupts another.</summary>
    public enum IpiKind : byte
    {
        /// <summary>Call a function, here the backlog's: CAL in /proc/interrupts.</summary>
        CallFunction,

        /// <summary>Look at the tasks: RES in /proc/interrupts.</summary>
        Reschedule,

        /// <summary>No interrupt: another CPU put a task on this one's run queue by itself, under its lock.</summary>
        Activation,
    }

    /// <summary>A device's vector fires.</summary>
    public sealed record Interrupt(IrqDescriptor Irq);

    /// <summary>An inter-processor interrupt for <paramref name="Target"/>.</summary>
    public sealed record Ipi(IpiKind Kind, HostCpu Target);

    /// <summary>A program writes a packet into a tun device on this CPU.</summary>
    public sealed record Write(TunDevice Device, byte[] Packet, int SegmentBytes);

    /// <summary>A device of the host went down.</summary>
    public sealed record LinkDown(NetStack Stack, int IfIndex);

    /// <summary>Start timers of the tables that all CPUs of the host share, in this CPU's wheel.</summary>
    public sealed record AddTimers
    {
        public static readonly AddTimers Instance = new();
    }

    /// <summary>Packets were purged in the device's context: free them, which may let their senders go on.</summary>
    public sealed record FreePurged(IPurged Purged);

    /// <summary>A CPU went offline: take over what it leaves (kernel: <c>dev_cpu_dead</c>).</summary>
    public sealed record CpuDead(HostCpu Cpu);

    /// <summary>A NAPI that was claimed while this CPU still had it goes on its poll list.</summary>
    public sealed record EnlistNapi(NapiInstance Napi);

    /// <summary>Real time: another CPU wants a NAPI's timer, which is this CPU's, to expire earlier.</summary>
    public sealed record LookAtTimer(NapiInstance Napi);
}
