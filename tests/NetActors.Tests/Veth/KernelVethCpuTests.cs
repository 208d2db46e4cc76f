using System.Globalization;
using NetActors.Tests.Hosts;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Veth;

/// <summary>The CPU on which the machine's own kernel runs the receive side of veth and loopback, beside the emulator's.</summary>
[Collection(MachineCollection.Name)]
public class KernelVethCpuTests
{
    private const int Datagrams = 400;
    private static int _made;

    [VethTheory]
    [InlineData("10.5.0.2", "", "", 0)]
    [InlineData("10.5.0.2", "", "", 1)]
    [InlineData("10.5.0.2", "gro on", "gro: on", 1)]
    [InlineData("10.5.0.2", "gro on rx-udp-gro-forwarding on", "gro: on, rx-udp-gro-forwarding: on", 1)]
    [InlineData("127.0.0.1", "", "", 0)]
    [InlineData("127.0.0.1", "", "", 1)]
    public void The_sender_s_cpu_processes_what_it_sends(string to, string ethtool, string features, int cpu)
    {
        var kernel = Kernel(to, ethtool, cpu);
        Assert.InRange(kernel[cpu], Datagrams, Datagrams * 3 / 2); // others use the machine too
        if (kernel.Length > 1) Assert.InRange(kernel[1 - cpu], 0, Datagrams / 2);

        var sink = VethYaml.Sink(cpu == 0 ? "1" : "0");
        var flood = VethYaml.Flood(cpu.ToString(CultureInfo.InvariantCulture), to, "100kpps", "4ms");
        var local = to == "127.0.0.1";
        using var run = new Running(VethYaml.Text(flood + (local ? ", " + sink : ""), local ? "" : sink, far: $", features: {{ {features} }}"));
        run.Until(10_000);
        Assert.InRange(run.Cpu(cpu).Softnet.Processed, run.Socket("sink").Delivered, run.Socket("sink").Delivered + 2); // ARP
        Assert.Equal(0, run.Cpu(1 - cpu).Softnet.Processed);
    }

    /// <summary>Packets that each CPU processed while one of them sent (softnet_stat's first column).</summary>
    private static long[] Kernel(string to, string ethtool, int cpu)
    {
        var space = $"na{Environment.ProcessId % 1_000_000}c{Interlocked.Increment(ref _made)}";
        KernelVeth.Run("ip", $"netns add {space}a");
        KernelVeth.Run("ip", $"netns add {space}b");
        try
        {
            KernelVeth.Run("ip", $"-n {space}a link add veth0 type veth peer name eth0 netns {space}b");
            foreach (var (end, device, address) in (ReadOnlySpan<(string, string, string)>)[("a", "veth0", "10.5.0.1/24"), ("b", "eth0", "10.5.0.2/24")])
            {
                KernelVeth.Run("ip", $"netns exec {space}{end} sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
                KernelVeth.Run("ip", $"-n {space}{end} address add {address} dev {device}");
                KernelVeth.Run("ip", $"-n {space}{end} link set {device} up");
                KernelVeth.Run("ip", $"-n {space}{end} link set lo up");
            }

            if (ethtool.Length > 0) KernelVeth.Run("ip", $"netns exec {space}b ethtool -K eth0 {ethtool}");
            var program = $"import os,socket; os.sched_setaffinity(0,[{cpu}]); s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); r=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); r.bind(('0.0.0.0',9)); s.sendto(b'x',('{to}',9)); "
                + "f=lambda: [int(l.split()[0],16) for l in open('/proc/net/softnet_stat')]; a=f(); "
                + $"[s.sendto(b'x'*100,('{to}',9)) for i in range({Datagrams})]; b=f(); print(*[y-x for x,y in zip(a,b)])";
            var printed = KernelVeth.Run("ip", $"netns exec {space}a python3 -c \"{program}\"");
            return [.. printed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
        }
        finally
        {
            KernelVeth.Run("ip", $"netns del {space}a");
            KernelVeth.Run("ip", $"netns del {space}b");
        }
    }
}
