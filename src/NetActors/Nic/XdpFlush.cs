using NetActors.Hosts;

namespace NetActors.Nic;

/// <summary>Hands over what a poll has redirected, at its end (kernel: <c>xdp_do_flush</c>).</summary>
internal static class XdpFlush
{
    /// <summary>Does it for the next of those that got frames.</summary>
    public static void Next(HostCpu cpu)
    {
        if (cpu.XdpFlush.TakeBulk() is { } bulk)
        {
            CpuMapThread.Flush(cpu, bulk);
            bulk.Entry.Thread!.OnFlushed();
        }
        else
        {
            cpu.XdpFlush.TakeSocket()?.Flush(cpu.Cpu.Now);
        }
    }
}
