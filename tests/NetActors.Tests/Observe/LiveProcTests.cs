using System.Text.RegularExpressions;
using NetActors.Observe;
using Xunit.Abstractions;

namespace NetActors.Tests.Observe;

/// <summary>Compares our layouts with the files of the machine the tests run on; another kernel or none is said, not failed.</summary>
public class LiveProcTests(ITestOutputHelper output)
{
    private const string Proc = "/proc/";

    [Fact]
    public void Softnet_stat_has_the_live_files_columns() => Compare("net/softnet_stat", live =>
    {
        var ours = Snapshots.Text(writer => SoftnetStat.Write(writer, Snapshots.Host()));
        return (Shape(ours.Split('\n')[0]), Shape(live[0]));
    });

    [Fact]
    public void Softirqs_have_the_live_files_rows_and_widths() => Compare("softirqs", live =>
    {
        var host = new HostSnapshot { Name = "h", Cpus = [.. Enumerable.Range(0, live[0].Split("CPU").Length - 1).Select(Snapshots.Cpu)] };
        var ours = Snapshots.Text(writer => ProcSoftirqs.Write(writer, host)).TrimEnd('\n').Split('\n');
        return (string.Join('\n', ours.Select(RowShape)), string.Join('\n', live.Select(RowShape)));
    });

    [Theory]
    [InlineData("Ip:")]
    [InlineData("Icmp:")]
    [InlineData("Tcp:")]
    [InlineData("Udp:")]
    [InlineData("UdpLite:")]
    public void Snmp_names_the_live_files_columns(string group) => Compare(
        "net/snmp",
        live => (Header(Snapshots.Text(writer => ProcNetSnmp.Write(writer, Snapshots.Host())).Split('\n'), group), Header(live, group)));

    [Theory]
    [InlineData("TcpExt:")]
    [InlineData("IpExt:")]
    public void Netstat_names_the_live_files_columns(string group) => Compare(
        "net/netstat",
        live => (Header(Snapshots.Text(writer => ProcNetNetstat.Write(writer, Snapshots.Host())).Split('\n'), group), Header(live, group)));

    [Fact]
    public void Dev_has_the_live_files_header_and_widths() => Compare("net/dev", live =>
    {
        var host = new HostSnapshot { Name = "h", Devices = [new() { Name = "lo", IfIndex = 1 }] };
        var ours = Snapshots.Text(writer => ProcNetDev.Write(writer, host)).TrimEnd('\n').Split('\n');
        var idle = live.Skip(2).FirstOrDefault(line => line.Length == ours[2].Length) ?? ours[2]; // big numbers widen a line
        return ($"{ours[0]}\n{ours[1]}\n{Ends(ours[2])}", $"{live[0]}\n{live[1]}\n{Ends(idle)}");
    });

    [Fact]
    public void Interrupts_print_rows_that_the_live_file_has() => Compare("interrupts", live =>
    {
        var ours = Snapshots.Text(writer => ProcInterrupts.Write(writer, Snapshots.Host())).Split('\n');
        var both = Texts(ours).Keys.Intersect(Texts(live).Keys).Order().ToArray();
        return (string.Join('\n', both.Select(name => Texts(ours)[name])), string.Join('\n', both.Select(name => Texts(live)[name])));
    });

    // Only a kernel whose columns we claim to print can prove us wrong: 6.12 and later have TCPAO and the ICMP rate limits.
    private void Compare(string file, Func<string[], (string Ours, string Live)> layouts)
    {
        if (!File.Exists(Proc + file))
        {
            output.WriteLine($"skipped: there is no {Proc}{file} here");
            return;
        }
        var (ours, live) = layouts(File.ReadAllText(Proc + file).TrimEnd('\n').Split('\n'));
        var release = File.ReadAllText(Proc + "sys/kernel/osrelease").Trim();
        if (ours != live && !release.StartsWith("6.18.", StringComparison.Ordinal))
        {
            output.WriteLine($"skipped: kernel {release} lays out {Proc}{file} otherwise than 6.18:\n{live}");
            return;
        }
        Assert.Equal(live, ours);
    }

    private static string Header(string[] lines, string group) =>
        lines.FirstOrDefault(line => line.StartsWith(group + " ", StringComparison.Ordinal)) ?? "";

    // Rows such as "LOC:       1       2   Local timer interrupts", by name.
    private static Dictionary<string, string> Texts(string[] lines) => lines
        .Select(line => Regex.Match(line, "^ *([A-Z]+):[ 0-9]*[0-9]   ([A-Z].*)$"))
        .Where(match => match.Success)
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static string Shape(string line) => Regex.Replace(line, "[0-9a-f]", "x");

    // Counts of up to ten digits do not change the width.
    private static string RowShape(string line) => line.Length > 13 && line[12] == ':' ? $"{line[..13]} {line.Length}" : line;

    private static string Ends(string line) => string.Join(' ', Regex.Matches(line, "[0-9](?= |$)").Select(match => match.Index));
}
