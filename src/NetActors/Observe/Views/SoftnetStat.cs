using System.Globalization;

namespace NetActors.Observe;

/// <summary>/proc/net/softnet_stat: one line per online CPU, hexadecimal 32-bit columns (kernel: <c>softnet_seq_show</c>).</summary>
public static class SoftnetStat
{
    /// <summary>Writes the file: 15 columns in 6.x, 10 in 3.10.</summary>
    public static void Write(TextWriter writer, HostSnapshot host, KernelVersion kernel = KernelVersion.V6)
    {
        foreach (var cpu in host.Cpus)
        {
            var columns = kernel == KernelVersion.V310 ? Columns310(cpu.Softnet) : ColumnsV6(cpu);
            writer.Write(string.Join(' ', columns.Select(Hex)));
            writer.Write('\n');
        }
    }

    private static long[] ColumnsV6(CpuSnapshot cpu) =>
    [
        cpu.Softnet.Processed, cpu.Softnet.Dropped, cpu.Softnet.TimeSqueeze, 0,
        0, 0, 0, 0, // was fastroute
        0, // was cpu_collision
        cpu.Softnet.ReceivedRps, cpu.Softnet.FlowLimitCount, cpu.Softnet.InputQueueLength + cpu.Softnet.ProcessQueueLength, cpu.Id,
        cpu.Softnet.InputQueueLength, cpu.Softnet.ProcessQueueLength,
    ];

    private static long[] Columns310(SoftnetSnapshot softnet) =>
        [softnet.Processed, softnet.Dropped, softnet.TimeSqueeze, 0, 0, 0, 0, 0, softnet.CpuCollision, softnet.ReceivedRps];

    private static string Hex(long value) => unchecked((uint)value).ToString("x8", CultureInfo.InvariantCulture);
}
