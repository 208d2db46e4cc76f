using System.Globalization;
using NetActors.Sockets;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Sysctls;

/// <summary>Each setting of TCP, by its name, changes what Documentation/networking/ip-sysctl.rst says of it.</summary>
public class TcpSysctlEffectTests
{
    private static readonly Dictionary<string, SysctlCase> ByName =
        new[] { HandshakeSysctls.Cases, ConnectionSysctls.Cases, SenderSysctls.Cases }.SelectMany(cases => cases).ToDictionary(c => c.FullName);

    public static TheoryData<string> Names => [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_setting_changes_what_it_should(string name)
    {
        var it = ByName[name];
        Assert.Equal(it.Before, Text(it.Observe(Host())));
        var host = Host();
        Assert.Equal(Errno.None, TcpSysctlTable.Set(host, it.FullName, it.Value));
        Assert.Equal(it.After, Text(it.Observe(host)));
    }

    [Fact]
    public void Every_setting_is_among_them() =>
        Assert.Empty(TcpSysctlTable.All.Where(s => !s.IsReadOnly && !ByName.ContainsKey(s.Name)).Select(s => s.Name));

    /// <summary>Linux's defaults, with those of <see cref="TcpSocks.Sysctls"/> that keep dialogues short.</summary>
    internal static TcpHost Host() => TcpSysctlTable.Untouched().With("tcp_timestamps", "0").With("tcp_ecn", "0").With("tcp_fastopen", "0")
        .With("tcp_slow_start_after_idle", "0").With("tcp_congestion_control", "reno");

    private static string Text(object seen) => Convert.ToString(seen, CultureInfo.InvariantCulture)!;
}
