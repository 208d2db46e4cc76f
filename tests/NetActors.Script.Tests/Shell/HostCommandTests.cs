using NetActors.Script.Shell;
using NetActors.Script.Tests.Doubles;
using NetActors.Sockets;

namespace NetActors.Script.Tests.Shell;

/// <summary>The programs that change and read the host.</summary>
public sealed class HostCommandTests
{
    private readonly FakeCommands _host = new();
    private readonly ShellInterpreter _shell;

    public HostCommandTests() => _shell = new ShellInterpreter(_host, new FakeFiles());

    private ShellResult Run(string command) => _shell.Run(Scripts.Read($"`{command}`\n0 close(3) = 0").Init!.Program);

    [Fact]
    public void Sysctl_sets_several_and_is_quiet_when_told()
    {
        Assert.Equal(ShellResult.Success, Run("sysctl -q -w net.ipv4.tcp_sack=0 net/ipv4/tcp_rmem='1 2 3'"));
        Assert.Equal("0", _host.Sysctls["net.ipv4.tcp_sack"]);
        Assert.Equal("1 2 3", _host.Sysctls["net.ipv4.tcp_rmem"]);
        Assert.Equal("net.ipv4.tcp_sack = 1\n", Run("sysctl net.ipv4.tcp_sack=1").Output);
    }

    [Fact]
    public void Sysctl_reads_with_its_name_or_without()
    {
        _host.Sysctls["net.core.somaxconn"] = "4096";
        Assert.Equal("net.core.somaxconn = 4096\n", Run("sysctl net.core.somaxconn").Output);
        Assert.Equal("4096\n", Run("sysctl -n net.core.somaxconn").Output);
        Assert.Equal("4096\n", Run("cat /proc/sys/net/core/somaxconn").Output);
    }

    [Fact]
    public void Sysctl_tells_what_there_is_not_and_what_is_not_allowed()
    {
        var unknown = Run("sysctl -q kernel.frob=1");
        Assert.Equal((1, "sysctl: cannot stat /proc/sys/kernel/frob: No such file or directory\n"), (unknown.Status, unknown.Errors));
        Assert.Contains("EINVAL (Invalid argument)", Run("sysctl -q net.ipv4.tcp_sack=bad").Errors, StringComparison.Ordinal);
        Assert.Equal(0, Run("sysctl -e -q kernel.frob=1").Status);
        Assert.Equal(1, Run("sysctl -a").Status);
    }

    [Fact]
    public void Writing_below_proc_sys_sets_a_sysctl()
    {
        Assert.Equal(0, Run("echo 5 > /proc/sys/net/ipv4/tcp_reordering").Status);
        Assert.Equal("5", _host.Sysctls["net.ipv4.tcp_reordering"]);
        Assert.Equal(1, Run("echo 5 > /proc/sys/kernel/frob").Status);
    }

    [Fact]
    public void The_kernels_set_sysctls_sets_and_leaves_a_script_that_restores()
    {
        _host.Sysctls["net.ipv4.tcp_min_tso_segs"] = "2";
        Assert.Equal(ShellResult.Success, Run("./set_sysctls.py /proc/sys/net/ipv4/tcp_min_tso_segs=10"));
        Assert.Equal("10", _host.Sysctls["net.ipv4.tcp_min_tso_segs"]);
        Assert.Equal(ShellResult.Success, Run("/tmp/sysctl_restore_${PPID}.sh"));
        Assert.Equal("2", _host.Sysctls["net.ipv4.tcp_min_tso_segs"]);
        Assert.Equal(1, Run("./set_sysctls.py /proc/sys/kernel/frob=1").Status);
    }

    [Fact]
    public void Routes_change_with_their_metrics()
    {
        Assert.Equal(ShellResult.Success,
            Run("ip route change 192.0.2.1 via 192.168.0.1 dev tun0 advmss 1300 mtu lock 1400 rto_min 50ms initcwnd 20 congctl cubic features ecn quickack 1"));
        var route = Assert.IsType<RouteCommand>(Assert.Single(_host.Calls));
        Assert.Equal(("change", "192.0.2.1", "192.168.0.1", "tun0", "cubic"),
            (route.Verb, route.Destination, route.Via, route.Device, route.CongestionControl));
        Assert.Equal(new RouteMetricValue(1300, false), route.Metrics[RouteMetric.AdvMss]);
        Assert.Equal(new RouteMetricValue(1400, true), route.Metrics[RouteMetric.Mtu]);
        Assert.Equal(new RouteMetricValue(50, false), route.Metrics[RouteMetric.RtoMin]);
        Assert.Equal(1, route.Metrics[RouteMetric.Features].Value);
        Assert.False(route.IsIpv6);
    }

    [Fact]
    public void Addresses_links_and_metrics_are_passed_on()
    {
        Run("ip -6 addr add 2001:db8::5/64 dev tun0 nodad; ip link set dev tun0 mtu 1400 up; ip tcp_metrics flush 192.0.2.1; ip addr flush dev tun0");
        Assert.Equal(new AddressCommand("add", "2001:db8::5/64", "tun0"), _host.Calls[0]);
        var link = Assert.IsType<LinkCommand>(_host.Calls[1]);
        Assert.Equal((true, 1400L), (link.IsUp, link.Attributes["mtu"]));
        Assert.Equal("flush 192.0.2.1", _host.Calls[2]);
        Assert.Equal(new AddressCommand("flush", null, "tun0"), _host.Calls[3]);
    }

    [Fact]
    public void Queueing_disciplines_and_offloads_are_passed_on()
    {
        Run("tc qdisc replace dev tun0 root handle 1: fq maxrate 10mbit; tc qdisc del dev tun0 root; ethtool -K tun0 tso off gso on");
        var fq = Assert.IsType<QdiscCommand>(_host.Calls[0]);
        Assert.Equal(("replace", "tun0", "fq"), (fq.Verb, fq.Device, fq.Kind));
        Assert.Equal(["maxrate", "10mbit"], fq.Options);
        Assert.Null(Assert.IsType<QdiscCommand>(_host.Calls[1]).Kind);
        Assert.Equal(["tun0 tso False", "tun0 gso True"], _host.Calls.Skip(2));
    }

    [Theory]
    [InlineData("ip rule add from all", "the object 'rule' is not supported")]
    [InlineData("ip route get 1.2.3.4", "'route get' is not supported")]
    [InlineData("ip route add 1.2.3.4 frob 5", "route does not support 'frob'")]
    [InlineData("ip route add 1.2.3.4 mtu many", "route does not support 'mtu many'")]
    [InlineData("ip link add dummy0 type dummy", "'link add' is not supported")]
    [InlineData("ip link set tun0 master br0", "link set does not support 'master'")]
    [InlineData("ip -s link", "the option '-s' is not supported")]
    [InlineData("tc class add dev tun0", "only qdisc is")]
    [InlineData("tc qdisc add dev tun0 ingress", "'qdisc ... ingress' is not supported")]
    [InlineData("ethtool -L tun0 rx 4", "only -K is")]
    [InlineData("nstat -j", "the options '-j' are not supported")]
    [InlineData("grep -r x", "the options '-r' are not supported")]
    [InlineData("set -x", "'set -x' is not supported")]
    [InlineData("cat /proc/nosuch", "No such file or directory")]
    public void What_is_not_supported_fails_and_says_so(string command, string error)
    {
        var result = Run(command);
        Assert.NotEqual(0, result.Status);
        Assert.Contains(error, result.Errors, StringComparison.Ordinal);
        Assert.Empty(_host.Calls);
    }

    [Fact]
    public void What_the_host_refuses_fails_with_its_error()
    {
        _host.Answer = Errno.ENODEV;
        Assert.Contains("ENODEV", Run("tc qdisc add dev tun9 root fq").Errors, StringComparison.Ordinal);
        Assert.Contains("ENODEV", Run("ip route add 1.2.3.4 dev tun9").Errors, StringComparison.Ordinal);
        Assert.Contains("ENODEV", Run("ethtool -K tun9 tso off").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Nstat_tells_what_has_changed_since_its_last_call()
    {
        _host.Counters["TcpExtTCPTimeouts"] = 3;
        _host.Counters["TcpActiveOpens"] = 1;
        Assert.Empty(Run("nstat -n").Output);
        _host.Counters["TcpExtTCPTimeouts"] = 5;
        Assert.Equal("#kernel\nTcpExtTCPTimeouts               2                  0.0\n", Run("nstat").Output);
        Assert.Equal("#kernel\n", Run("nstat").Output);
        Assert.Contains("TcpExtTCPTimeouts               5 ", Run("nstat -a TcpExt*").Output, StringComparison.Ordinal);
        Assert.Contains("TcpActiveOpens                  0 ", Run("nstat -z").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nstat_can_be_searched_through_a_pipe()
    {
        _host.Counters["TcpExtTCPTimeouts"] = 3;
        Assert.Equal(0, Run("nstat | grep -q 'TcpExtTCPTimeouts *3 '").Status);
        Assert.Equal(1, Run("nstat | grep -q TcpExtTCPTimeouts").Status);
    }

    [Fact]
    public void Other_files_below_proc_come_from_the_host() => Assert.Equal("TCP: inuse 1\n", Run("cat /proc/net/sockstat").Output);
}
