using System.Diagnostics;
using System.Text;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

/// <summary>The running kernel and its tc are asked the same and have to print the same.</summary>
public class TcOracleTests
{
    [NetnsTheory]
    [InlineData("qdisc replace dev eth0 root handle 1: pfifo limit 55")]
    [InlineData("qdisc replace dev eth0 root handle 1: bfifo")]
    [InlineData("qdisc replace dev eth0 root handle 1: pfifo_fast")]
    [InlineData("qdisc replace dev eth0 root handle 1: mq")]
    [InlineData("qdisc replace dev eth0 root handle 1: tbf rate 1mbit burst 32kbit latency 50ms")]
    [InlineData("qdisc replace dev eth0 root handle 1: tbf rate 7mbit burst 5kb limit 30000")]
    [InlineData("qdisc replace dev eth0 root handle 1: tbf rate 1gbit burst 1514 limit 3000 peakrate 2gbit mtu 2000")]
    [InlineData("qdisc replace dev eth0 root handle 1: tbf rate 333kbit burst 10k latency 1500ms")]
    [InlineData("qdisc replace dev eth0 root handle 1: tbf rate 100mbit burst 1mb latency 10us")]
    [InlineData("qdisc replace dev eth0 root handle 1: tbf rate 5mbit burst 100k limit 5000")]
    [InlineData("qdisc replace dev eth0 root handle 1: htb default 10;class add dev eth0 parent 1: classid 1:10 htb rate 3mbit ceil 10mbit burst 15k;qdisc add dev eth0 parent 1:10 handle 20: pfifo limit 7")]
    [InlineData("qdisc replace dev eth0 root handle 1: htb default 10;class add dev eth0 parent 1: classid 1:10 htb rate 5333kbit prio 2")]
    [InlineData("qdisc replace dev eth0 root handle 1: mq;qdisc add dev eth0 parent 1:2 handle 7: tbf rate 1mbit burst 2k limit 9000")]
    public void Prints_what_the_kernel_s_tc_prints(string commands)
    {
        var name = $"netactors-tc-{Environment.ProcessId}";
        Run("ip", $"netns del {name}");
        try
        {
            Must("ip", $"netns add {name}");
            Must("ip", $"-n {name} link add eth0 numtxqueues 3 numrxqueues 1 type veth peer name peer0");
            var ours = new DeviceQdiscs("eth0", [.. Enumerable.Range(0, 3).Select(i => new QdiscContext(new QdiscFixture(), new KernelRandom(1)))], "pfifo_fast");
            foreach (var command in commands.Split(';'))
            {
                Must("tc", $"-n {name} {command}");
                Assert.Null(ours.Apply("tc " + command, KernelTime.Zero));
            }

            var text = new StringBuilder();
            TcShow.Qdiscs(text, ours, KernelTime.Zero);
            Assert.Equal(Sorted(Strip(Must("tc", $"-n {name} -s qdisc show"), "peer0")), Sorted(text.ToString()));
            text.Clear();
            TcShow.Classes(text, ours);
            if (commands.Contains("htb", StringComparison.Ordinal)) Assert.Equal(Must("tc", $"-n {name} -s class show dev eth0").Replace(" dev eth0", "", StringComparison.Ordinal), text.ToString().Replace(" dev eth0", "", StringComparison.Ordinal));
        }
        finally
        {
            Run("ip", $"netns del {name}");
        }
    }

    /// <summary>A device that is down has refcnt 2 in place of one more than its queues; the rest is compared.</summary>
    private static string[] Sorted(string text) =>
        [.. text.Split("qdisc ", StringSplitOptions.RemoveEmptyEntries).Select(b => System.Text.RegularExpressions.Regex.Replace(b, "refcnt [0-9]+ ", "")).Order(StringComparer.Ordinal)];

    private static string Strip(string text, string device) => string.Concat(text.Split("qdisc ").Where(b => b.Length > 0 && !b.Contains($"dev {device} ", StringComparison.Ordinal)).Select(b => "qdisc " + b));

    internal static string Must(string program, string arguments)
    {
        var (code, output) = Run(program, arguments);
        Assert.True(code == 0, $"{program} {arguments}: {output}");
        return output;
    }

    internal static (int Code, string Output) Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : errors);
    }
}

/// <summary>Needs root, <c>ip netns</c> and <c>tc</c>; skipped, saying so, without.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetnsTheoryAttribute : TheoryAttribute
{
    private static readonly string? Missing = Probe();

    public NetnsTheoryAttribute()
    {
        if (Missing is not null) Skip = Missing;
    }

    private static string? Probe()
    {
        var name = $"netactors-probe-{Environment.ProcessId}";
        try
        {
            if (TcOracleTests.Run("ip", $"netns add {name}").Code != 0) return "network namespaces need root";
            var code = TcOracleTests.Run("tc", $"-n {name} qdisc replace dev lo root tbf rate 1mbit burst 2k limit 9000").Code;
            TcOracleTests.Run("ip", $"netns del {name}");
            return code == 0 ? null : "the kernel has no tbf";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "ip and tc of iproute2 are not installed";
        }
    }
}
