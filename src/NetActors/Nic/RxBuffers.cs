using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Softirq;

namespace NetActors.Nic;

/// <summary>A receive queue's page pool among CPUs: who gives a page back, and what that costs (kernel: <c>page_pool_napi_local</c>).</summary>
internal sealed class RxBuffers(PagePool pool, NapiInstance napi) : IBufferHome
{
    public PagePool Pool => pool;

    /// <summary>The driver posts buffers.</summary>
    public void Alloc(int buffers)
    {
        var cpu = EmulatedCpu.Current;
        for (; buffers > 0; buffers--)
        {
            var fresh = pool.Alloc();
            if (fresh > 0) cpu?.Charge(CostOp.PagePoolSlow, fresh);
        }
    }

    /// <inheritdoc />
    public void OnReturned()
    {
        var cpu = EmulatedCpu.Current;
        if (cpu is null)
        {
            pool.TryPutOnRing(); // outside of all CPUs: the simulation ends
            return;
        }

        if (IsLocal(cpu) && pool.TryPutInCache()) return;
        cpu.Charge(CostOp.PagePoolRing);
        pool.TryPutOnRing();
    }

    /// <summary>In a softirq of the CPU on whose poll list the NAPI is, nobody else can be at the cache.</summary>
    private bool IsLocal(EmulatedCpu cpu) => cpu is { Context: CpuContext.Softirq, Hooks: HostCpu host } && napi.Scheduled && ReferenceEquals(napi.Owner, host);
}
