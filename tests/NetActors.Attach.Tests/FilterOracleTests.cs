using System.Diagnostics;
using System.Globalization;
using NetActors.Buffers;
using NetActors.Filters;
using NetActors.Sockets;

namespace NetActors.Attach.Tests;

/// <summary>Filters that tcpdump compiles choose the packets that tcpdump chooses (issue 3 part 3).</summary>
public sealed class FilterOracleTests
{
    private static readonly string[] Expressions =
    [
        "tcp", "udp", "icmp", "arp", "ip", "ip6", "not ip", "port 80", "tcp port 8080 or udp port 53", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
        "tcp[tcpflags] == tcp-ack", "greater 200", "less 100", "ip[8] < 64", "ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2) > 0",
        "src host 127.0.0.1", "net 10.0.0.0/8", "ip[6:2] & 0x1fff = 0", "udp[4:2] > 100", "len % 2 == 1", "(tcp[4:4] ^ tcp[8:4]) & 7 = 3", "icmp[icmptype] = icmp-echo", "portrange 1000-60000",
        "ether[0] & 1 = 1", "ip proto 17 and len / 3 > 30",
    ];

    public static TheoryData<string> Captures => [CaptureFiles.Client, CaptureFiles.Sll2];

    [TcpdumpTheory]
    [MemberData(nameof(Captures))]
    public void Compiled_filters_choose_what_tcpdump_chooses(string capture)
    {
        var file = CaptureFiles.PathOf(capture);
        using var reader = CaptureReader.Open(file);
        var packets = CaptureFiles.ReadAll(reader);
        var tried = 0;
        foreach (var expression in Expressions)
        {
            if (!TryCompile(file, expression, out var program)) continue; // not for this link type
            Assert.Equal(Errno.None, SocketFilter.TryCreate(program, out var filter));
            var chosen = packets.Where(packet => Passes(filter!, packet.Data.Span)).Select(packet => Convert.ToHexString(packet.Data.Span));
            Assert.True(Chosen(file, expression).SequenceEqual(chosen), expression);
            tried++;
        }

        Assert.True(tried > 15, $"{tried} expressions");
    }

    private static bool Passes(SocketFilter filter, ReadOnlySpan<byte> packet)
    {
        var pool = new SkbPool(Math.Max(packet.Length, 64), 1);
        var skb = pool.Rent(packet.Length)!;
        packet.CopyTo(skb.Put(packet.Length));
        var keep = filter.Run(skb);
        skb.Free(SkbDropReason.CONSUMED);
        return keep > 0;
    }

    private static bool TryCompile(string file, string expression, out byte[] program)
    {
        var (code, output) = Run("-r", file, "-ddd", expression);
        var lines = System.Text.Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        program = [.. lines.Skip(1).SelectMany(Instruction)];
        return code == 0;
    }

    private static byte[] Instruction(string line)
    {
        var parts = line.Split(' ');
        return
        [
            .. BitConverter.GetBytes(ushort.Parse(parts[0], CultureInfo.InvariantCulture)), byte.Parse(parts[1], CultureInfo.InvariantCulture),
            byte.Parse(parts[2], CultureInfo.InvariantCulture), .. BitConverter.GetBytes(uint.Parse(parts[3], CultureInfo.InvariantCulture)),
        ];
    }

    private static List<string> Chosen(string file, string expression)
    {
        using var reader = CaptureFiles.Over(Run("-r", file, "-w", "-", expression).Output);
        return [.. CaptureFiles.ReadAll(reader).Select(packet => Convert.ToHexString(packet.Data.Span))];
    }

    private static (int Code, byte[] Output) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("tcpdump", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var output = new MemoryStream();
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, output.ToArray());
    }
}

/// <summary>A theory that needs tcpdump, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TcpdumpTheoryAttribute : TheoryAttribute
{
    public TcpdumpTheoryAttribute()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (!path.Split(':').Any(folder => File.Exists(Path.Combine(folder, "tcpdump")))) Skip = "needs tcpdump";
    }
}
