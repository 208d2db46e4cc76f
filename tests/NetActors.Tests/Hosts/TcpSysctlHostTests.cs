using System.Globalization;
using NetActors.Scenarios;
using NetActors.Tcp;

namespace NetActors.Tests.Hosts;

/// <summary>What scenarios say of TCP, found on the host that was built.</summary>
public class TcpSysctlHostTests
{
    [Fact]
    public void Every_setting_of_tcp_that_a_scenario_writes_is_on_the_host()
    {
        var written = TcpSysctlTable.All.Where(s => !s.IsReadOnly && !s.IsText).ToDictionary(s => s.Name, s => OtherThanDefault(SysctlCatalogue.Find(s.Name)!));
        var yaml = string.Join(", ", written.Select(s => $"{s.Key}: \"{s.Value}\""));
        using var run = new Running(Yaml.Server(sysctl: yaml));
        foreach (var (name, value) in written)
        {
            Assert.True(TcpSysctlTable.TryGet(run.Host.Stack.Tcp, name, out var found));
            Assert.Equal($"{name} {value}", $"{name} {found.Replace('\t', ' ')}");
        }
    }

    [Fact]
    public void A_host_without_sysctls_has_the_defaults_of_the_catalogue()
    {
        using var run = new Running(Yaml.Server());
        var tcp = run.Host.Stack.Tcp;
        Assert.Equal(TcpSysctls.Default with { TcpMaxSynBacklog = tcp.Tables.DefaultMaxSynBacklog }, tcp.Sysctls); // grows with the tables
        Assert.Equal(TcpSenderSettings.Default, tcp.Sender);
        Assert.Equal((32768, 60999), (tcp.Tables.Ports.Low, tcp.Tables.Ports.High));
    }

    /// <summary>Documentation/networking/ip-sysctl.txt of 3.10; autocorking came with 3.14, linear SYN timeouts with 6.5.</summary>
    [Fact]
    public void A_3_10_host_has_its_defaults_and_nothing_that_came_later()
    {
        using var run = new Running(Yaml.Server(top: "kernel: \"3.10\""));
        var tcp = run.Host.Stack.Tcp;
        Assert.Equal(new TcpMemoryTriple(4096, 87_380, 6_291_456), tcp.Sysctls.TcpRmem);
        Assert.Equal((100, 512, 0), (tcp.Sysctls.TcpChallengeAckLimit, tcp.Sysctls.TcpBaseMss, tcp.Sysctls.TcpTwReuse));
        Assert.Equal((128, 0), (tcp.Listeners.Sysctls.SoMaxConn, (int)tcp.Listeners.Sysctls.TcpFastopen));
        Assert.False(tcp.Sysctls.TcpAutocorking);
        Assert.Equal((0, 0), (tcp.Sysctls.TcpSynLinearTimeouts, tcp.Sender.Recovery));
        Assert.Equal(212_992, tcp.Sysctls.RmemMax);
    }

    [Fact]
    public void Ports_and_buffers_of_net_core_reach_tcp()
    {
        const string Sysctl = "net.core.rmem_max: 300000, net.core.wmem_max: 400000, net.ipv4.ip_local_port_range: 2000 3000, "
            + "net.ipv4.ip_local_reserved_ports: \"2005,2100-2102\"";
        using var run = new Running(Yaml.Server(sysctl: Sysctl));
        var tcp = run.Host.Stack.Tcp;
        Assert.Equal((300_000, 400_000), (tcp.Sysctls.RmemMax, tcp.Sysctls.WmemMax));
        Assert.Equal(300_000, tcp.Listeners.Sysctls.RmemMax);
        Assert.Equal((2000, 3000), (tcp.Tables.Ports.Low, tcp.Tables.Ports.High));
        ushort[] reserved = [2005, 2100, 2101, 2102];
        Assert.Equal(reserved, Enumerable.Range(0, 65536).Select(p => (ushort)p).Where(tcp.Tables.Ports.Reserved.Contains));
    }

    /// <summary>Timeouts are rounded up to ticks (kernel: <c>usecs_to_jiffies</c>), those of <c>clock.hz</c>.</summary>
    [Theory]
    [InlineData("250", 250)]
    [InlineData("1000", 1000)]
    [InlineData("exact", 0)]
    public void Tcp_has_the_scenarios_tick(string hz, int expected)
    {
        using var run = new Running(Yaml.Server(top: $"clock: {{ hz: {hz} }}"));
        Assert.Equal(expected, run.Host.Stack.Tcp.Jiffies.Hz);
    }

    [Theory]
    [InlineData("net.ipv4.tcp_congestion_control: cubik", "`cubik` is none of reno, cubic, dctcp, bbr or tahoe")]
    [InlineData("net.ipv4.tcp_sack: 2", "2 is out of range: 0 to 1")]
    [InlineData("net.ipv4.tcp_rmem: 4096 8192", "is not 3 whole numbers with blanks between")]
    [InlineData("net.ipv4.ip_local_reserved_ports: 12-x", "`12-x` is no port or range of ports: 0 to 65535")]
    [InlineData("net.ipv4.tcp_available_congestion_control: reno", "no sysctl here is called")]
    [InlineData("net.ipv4.tcp_l3mdev_accept: 1", "`net.ipv4.tcp_l3mdev_accept` changes nothing here: there are no VRF devices")]
    [InlineData("net.ipv4.tcp_plb_enabled: 1", "changes nothing here: a rehash changes the path by the flow label, which IPv4 has not")]
    [InlineData("net.ipv4.tcp_early_demux: 0", "changes nothing here: each packet pays for a lookup")]
    [InlineData("net.ipv4.tcp_child_ehash_entries: 64", "changes nothing here: the table of connections grows")]
    public void A_wrong_value_is_refused(string sysctl, string fault)
    {
        var result = ScenarioReader.ReadText(Yaml.Server(sysctl: sysctl), "x.yaml");
        Assert.Contains(fault, Assert.Single(result.Faults).ToString(), StringComparison.Ordinal);
    }

    /// <summary>What is refused is not taken elsewhere.</summary>
    [Fact]
    public void What_is_refused_by_name_is_in_no_list() =>
        Assert.DoesNotContain(SysctlCatalogue.Refused.Keys, name => SysctlCatalogue.Find(name) is not null || SysctlCatalogue.Changeable.Contains(name));

    private static string OtherThanDefault(SysctlEntry entry) => entry.Form switch
    {
        SysctlForm.Word => entry.Words.First(word => word != entry.Words[(int)entry.Default6[0]]),
        SysctlForm.Numbers => string.Join(' ', entry.Default6.Select(n => n + 1)),
        _ => (entry.Default6[0] == entry.Most ? entry.Most - 1 : entry.Default6[0] + 1).ToString(CultureInfo.InvariantCulture),
    };
}
