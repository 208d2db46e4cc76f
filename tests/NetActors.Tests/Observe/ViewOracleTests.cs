using System.Diagnostics;
using NetActors.Observe;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Observe;

/// <summary>The real programs read our files, and print what we print: iproute2's ss and nstat, net-tools' netstat.</summary>
public sealed class ViewOracleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("netactors-proc").FullName;

    public ViewOracleTests() => Directory.CreateDirectory(Path.Combine(_root, "net"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [ToolFact("ss", "--version")]
    public void Ss_reads_proc_net_tcp_as_we_list_the_sockets()
    {
        foreach (var host in Hosts())
        {
            Write("tcp", host, ProcNetTcp.Write);
            var real = Lines(Run("ss", ["-tan"], ("PROC_ROOT", _root)));
            var ours = Lines(Snapshots.Text(writer => SocketStatistics.Write(writer, host))).Where(line => line[0] != '\t');
            Assert.Equal(ours.Skip(1).Select(Words).Select(WithoutBacklog), real.Skip(1).Select(Words));
        }
    }

    [ToolFact("nstat", "-V")]
    public void Nstat_reads_every_counter_of_snmp_and_netstat()
    {
        foreach (var host in Hosts())
        {
            Write("snmp", host, (writer, h) => ProcNetSnmp.Write(writer, h));
            Write("netstat", host, (writer, h) => ProcNetNetstat.Write(writer, h));
            var real = Lines(Run("nstat", ["-asz"], ("PROC_NET_SNMP", File("snmp")), ("PROC_NET_NETSTAT", File("netstat")), ("PROC_NET_SNMP6", "/dev/null")))
                .Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => words[0], words => words[1]);
            Assert.Equal($"{host.Mib[TcpMib.InSegs]}", real["TcpInSegs"]);
            foreach (var counter in Enum.GetValues<LinuxMib>()) Assert.Equal($"{host.Mib[counter]}", real[$"TcpExt{counter}"]);
        }
    }

    [ToolFact("unshare", "-m", "netstat", "--version")]
    public void Netstat_prints_what_we_print()
    {
        const string InOurProc = "mount -t tmpfs none /proc && mkdir /proc/net && cp \"$0\"/net/* /proc/net && exec netstat -s";
        foreach (var host in Hosts())
        {
            Write("snmp", host, (writer, h) => ProcNetSnmp.Write(writer, h));
            Write("netstat", host, (writer, h) => ProcNetNetstat.Write(writer, h));
            var real = Run("unshare", ["-m", "sh", "-c", InOurProc, _root]);
            Assert.Equal(Snapshots.Text(writer => NetstatStatistics.Write(writer, host)), real);
        }
    }

    /// <summary>Hosts in the middle of a run, with sockets in many states.</summary>
    private static IReadOnlyList<HostSnapshot> Hosts()
    {
        var yaml = Yaml.Pair(
            """{ name: c, program: tcp-crr, connect: "10.0.0.1:80", connections: 5, think: 3ms }, { name: s, program: tcp-stream, connect: "10.0.0.1:81" }""",
            """{ name: w, program: tcp-server, bind: "0.0.0.0:80" }, { name: d, program: tcp-server, does: discard, pause: 5ms, read: 1KiB, bind: "0.0.0.0:81" }""",
            "delay: 2ms, loss: 3%");
        using var run = new Running(yaml);
        run.Until(400_000);
        var hosts = run.Snapshot.Hosts;
        Assert.Contains(hosts[0].TcpSockets, s => s.State == "TIME-WAIT");
        Assert.Contains(hosts[1].TcpSockets, s => s.State == "LISTEN");
        Assert.Contains(hosts[0].TcpSockets, s => s.State == "ESTAB" && s.SendQ > 0);
        return hosts;
    }

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(5));

    /// <summary>The file does not tell what listen() was given; ss has that from elsewhere.</summary>
    private static string WithoutBacklog(string row) => row.StartsWith("LISTEN", StringComparison.Ordinal) ? row.Replace(" 511 ", " 0 ", StringComparison.Ordinal) : row;

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string File(string name) => Path.Combine(_root, "net", name);

    private void Write(string name, HostSnapshot host, Action<TextWriter, HostSnapshot> write) =>
        System.IO.File.WriteAllText(File(name), Snapshots.Text(writer => write(writer, host)));

    private static string Run(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}

/// <summary>A fact that needs programs: skipped where the first does not run with the arguments behind it.</summary>
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            if (process.ExitCode is not (0 or 5)) Skip = $"{program} {string.Join(' ', arguments)} does not run here";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip = $"{program} is not installed";
        }
    }
}
