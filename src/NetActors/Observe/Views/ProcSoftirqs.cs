using System.Globalization;

namespace NetActors.Observe;

/// <summary>/proc/softirqs: how often each vector ran on each CPU (kernel: <c>show_softirqs</c>).</summary>
public static class ProcSoftirqs
{
    /// <summary>Writes the file; 3.10 names vector 5 <c>BLOCK_IOPOLL</c>.</summary>
    public static void Write(TextWriter writer, HostSnapshot host, KernelVersion kernel = KernelVersion.V6)
    {
        writer.Write(new string(' ', 20));
        foreach (var cpu in host.Cpus) writer.Write(string.Create(CultureInfo.InvariantCulture, $"CPU{cpu.Id,-8}"));
        writer.Write('\n');
        for (var vector = 0; vector < SoftirqCounts.Vectors; vector++)
        {
            writer.Write($"{SoftirqCounts.NameOf(vector, kernel),12}:");
            foreach (var cpu in host.Cpus) writer.Write(string.Create(CultureInfo.InvariantCulture, $" {(uint)cpu.Softirqs[vector],10}"));
            writer.Write('\n');
        }
    }
}
