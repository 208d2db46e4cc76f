using NetActors.Script.Hosting;
using NetActors.Script.Running;
using NetActors.Script.Shell;

namespace NetActors.Script.Tests;

/// <summary>What <c>ip</c> and <c>tc</c> answer to what cannot be, as the kernel does.</summary>
public sealed class EmulatedCommandTests
{
    [Theory]
    [InlineData("ip route add 10.0.0.0/8 dev nope", "ENODEV")]
    [InlineData("ip route add 10.0.0.0/8", "ENODEV")]
    [InlineData("ip route add 10.0.0.0/8 via 9.9.9.9", "ENETUNREACH")]
    [InlineData("ip route add 10.0.0.1/8 dev tun0", "EINVAL")]
    [InlineData("ip route add 10.0.0.0/33 dev tun0", "EINVAL")]
    [InlineData("ip route add 10.0.0.0/8 dev tun0 src 10.9.9.9", "EINVAL")]
    [InlineData("ip route add 10.0.0.0/8 dev tun0 congctl warp", "EINVAL")]
    [InlineData("ip route add 10.0.0.0/8 dev tun0 rttvar 3ms", "EOPNOTSUPP")]
    [InlineData("ip route add 10.0.0.0/8 dev tun0 table 7", "EOPNOTSUPP")]
    [InlineData("ip -6 route add default dev tun0", "EOPNOTSUPP")]
    [InlineData("ip route add 192.0.2.1 dev tun0", "EEXIST")]
    [InlineData("ip route add 192.168.0.0/16 dev tun0", "EEXIST")]
    [InlineData("ip route change 192.168.0.0/16 dev tun0 mtu 900", "EOPNOTSUPP")]
    [InlineData("ip route change 10.0.0.0/8 dev tun0", "ENOENT")]
    [InlineData("ip route del 10.0.0.0/8", "ESRCH")]
    [InlineData("ip link set tun0 down; ip route add 10.0.0.0/8 dev tun0", "ENETDOWN")]
    [InlineData("ip addr add 10.7.7.7/8 dev tun0; ip addr add 10.7.7.7/8 dev tun0", "EEXIST")]
    [InlineData("ip addr del 192.168.0.9/16 dev tun0", "EADDRNOTAVAIL")]
    [InlineData("ip addr add fe80::1/64 dev tun0", "EOPNOTSUPP")]
    [InlineData("ip addr add 1.2.3/8 dev tun0", "EINVAL")]
    [InlineData("ip addr add 1.2.3.4/8 dev eth9", "ENODEV")]
    [InlineData("ip link set tun0 mtu 20", "EINVAL")]
    [InlineData("ip link set eth9 up", "ENODEV")]
    [InlineData("ip link set tun0 gso_max_size 1000", "EOPNOTSUPP")]
    [InlineData("tc qdisc add dev eth9 root fq", "ENODEV")]
    [InlineData("tc qdisc add dev tun0 root fqq", "\"fqq\" is not a qdisc")]
    [InlineData("tc qdisc add dev tun0 root tbf", "tbf")]
    [InlineData("tc qdisc del dev tun0 root", "cannot delete the default")]
    [InlineData("grep x /proc/net/nothing", "No such file")]
    public void What_cannot_be_is_refused_with_the_reason(string command, string reason)
    {
        var failure = Run(command);
        Assert.NotNull(failure);
        Assert.Contains(reason, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ip route append 10.0.0.0/8 dev tun0 && ip route append 10.0.0.0/8 dev tun0 metric 5 && ip route del 10.0.0.0/8 metric 5 && ip route del 10.0.0.0/8")]
    [InlineData("ip route add blackhole 10.0.0.0/8 && ip route flush 10.0.0.0/8 && ip route flush cache")]
    [InlineData("ip route add 10.0.0.0/8 via 10.1.1.1 dev tun0 onlink congctl cubic initcwnd 4 hoplimit 3 mtu lock 800 features ecn")]
    [InlineData("ip addr add 10.0.0.1/8 dev tun0 && ip route add 11.0.0.0/8 via 10.0.0.2 src 10.0.0.1 && ip addr flush dev tun0")]
    [InlineData("ip link set dev tun0 down && ip link set dev tun0 up mtu 9000")]
    [InlineData("tc qdisc add dev tun0 root pfifo && tc qdisc replace dev tun0 root handle 1: fq_codel && tc qdisc del dev tun0 root")]
    public void What_can_be_is_done(string command) => Assert.Null(Run(command));

    private static string? Run(string command)
    {
        var read = ScriptParser.Parse($"`{command}`\n 0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n", "x.pkt");
        Assert.Empty(read.Faults);
        using var host = new EmulatedScriptHost(read.Script!.Settings);
        var result = ScriptRunner.Run(read.Script, host, host.Commands, ScriptDirectory.Of(Path.GetTempFileName()));
        return result.Failure?.ToString();
    }
}
