using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Observe;

namespace NetActors.Softirq;

/// <summary>Puts NAPI instances on a CPU's poll list (kernel: <c>napi_schedule</c>, <c>____napi_schedule</c>; specification section 3.2).</summary>
internal static class NapiScheduling
{
    /// <summary>Schedules <paramref name="napi"/> on <paramref name="cpu"/>, unless somebody owns it.</summary>
    public static void Schedule(HostCpu cpu, NapiInstance napi, KernelVersion kernel)
    {
        cpu.Cpu.Charge(CostOp.NapiSchedule);
        cpu.Emit(TracePoint.napi_schedule, arg1: napi.Id);
        Claim(cpu, napi, kernel);
    }

    /// <summary>The same without its cost: where a thread is woken, which has one of its own.</summary>
    public static void Claim(HostCpu cpu, NapiInstance napi, KernelVersion kernel)
    {
        if (!napi.SchedulePrep(kernel)) return;
        if (napi.FreeFrom > cpu.Cpu.Now && cpu.Cpu.Layer.IsVirtual && napi.FreedBy is { } last && !ReferenceEquals(last, cpu))
            last.EnlistAt(napi, napi.FreeFrom); // that CPU has it still, and would find it missed
        else Enlist(cpu, napi, kernel);
    }

    /// <summary>Appends a claimed NAPI to the poll list and raises NET_RX, unless this CPU is polling anyway; or wakes its thread.</summary>
    public static void Enlist(HostCpu cpu, NapiInstance napi, KernelVersion kernel = KernelVersion.V6)
    {
        if (napi is { IsThreaded: true, Thread: { IsStarted: true } thread })
        {
            thread.Wake(cpu);
            return;
        }

        napi.Owner = cpu;
        cpu.Softnet.PollList.Append(napi);
        if (!cpu.Softnet.InNetRxAction || kernel == KernelVersion.V310) cpu.Raise(SoftirqVector.NetRx);
    }
}
