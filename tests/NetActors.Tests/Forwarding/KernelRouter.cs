using System.Globalization;
using System.Net.Sockets;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Forwarding;

/// <summary>
/// The machine's own kernel as a router in a namespace of its own: frames written at its two cables, and what comes out of them. Its
/// addresses, neighbours and routes are those of <see cref="RouterYaml"/>.
/// </summary>
internal sealed class KernelRouter : IDisposable
{
    private static int _made;
    private readonly string _space;
    private readonly SafeSocketHandle[] _ends;

    /// <param name="name">Unlike those of others at the same time.</param>
    /// <param name="egressMtu">Of its eth1.</param>
    /// <param name="gro">What comes in by eth0 is merged, and cut again as it leaves.</param>
    /// <param name="rateLimit"><c>net.ipv4.icmp_ratelimit</c>.</param>
    /// <param name="more">Words of <c>ethtool -K</c> for eth0.</param>
    public KernelRouter(string name, int egressMtu = 1500, bool gro = false, string more = "", int rateLimit = 0)
    {
        _space = $"na{Environment.ProcessId % 1_000_000}{name}{Interlocked.Increment(ref _made)}"; // what is deleted takes a while to go
        KernelVeth.Run("ip", $"netns add {_space}");
        var ends = new List<SafeSocketHandle>();
        try
        {
            for (var i = 0; i < 2; i++)
            {
                var (near, far) = ($"{_space}{i}", $"eth{i}");
                KernelVeth.Run("ip", $"link add {near} type veth peer name {far} netns {_space} address {RouterYaml.Mac(i)}");
                File.WriteAllText($"/proc/sys/net/ipv6/conf/{near}/disable_ipv6", "1");
                KernelVeth.Run("ethtool", $"-K {near} tx off tso off gso off");
                KernelVeth.Run("ip", $"link set {near} up mtu 9000");
                Inside($"sysctl -qw net.ipv6.conf.{far}.disable_ipv6=1 net.ipv4.conf.{far}.rp_filter=0");
                Inside($"ethtool -K {far} tx off tso off gso off tx-udp-segmentation off");
                Inside($"ip link set {far} up mtu {(i == 1 ? egressMtu : 9000)}");
                Inside($"ip address add {RouterYaml.Addresses[i]} dev {far}");
            }

            Inside("ip link set lo up");
            Inside($"sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit={rateLimit} net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=100000");
            foreach (var route in RouterYaml.Routes) Inside($"ip route add {route}");
            foreach (var neighbour in RouterYaml.Neighbours) Inside($"ip neighbour add {neighbour}");
            if (gro)
            {
                Inside($"ethtool -K eth0 gro on {more}");
                Inside("sh -c \"echo 30000000 > /sys/class/net/eth0/gro_flush_timeout\"");
            }

            for (var i = 0; i < 2; i++) ends.Add(KernelVeth.Open($"{_space}{i}"));
        }
        catch
        {
            KernelVeth.Run("ip", $"netns del {_space}");
            throw;
        }

        _ends = [.. ends];
    }

    /// <summary>Sends frames into eth0 and takes what comes out of eth0 and eth1.</summary>
    public (List<byte[]> Back, List<byte[]> On) Pass(IEnumerable<byte[]> frames)
    {
        foreach (var frame in frames) KernelVeth.Send(_ends[0], frame);
        return (KernelVeth.Take(_ends[0]), KernelVeth.Take(_ends[1]));
    }

    /// <summary>A counter of <c>/proc/net/snmp</c> or <c>/proc/net/netstat</c> of the namespace.</summary>
    public long Counter(string group, string name)
    {
        var lines = Inside("cat /proc/net/snmp /proc/net/netstat").Split('\n').Where(l => l.StartsWith(group + ": ", StringComparison.Ordinal)).ToArray();
        var at = Array.IndexOf(lines[0].Split(' '), name);
        return long.Parse(lines[1].Split(' ')[at], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (var end in _ends) end.Dispose();
        KernelVeth.Run("ip", $"netns del {_space}");
    }

    private string Inside(string command) => KernelVeth.Run("ip", $"netns exec {_space} {command}");
}
