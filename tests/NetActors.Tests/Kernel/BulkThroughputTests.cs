using System.Globalization;
using NetActors.Links;
using NetActors.Tests.Apps.Streams;
using NetActors.Tests.Hosts;
using NetActors.Tests.Qdisc;
using NetActors.Time;
using Xunit.Abstractions;

namespace NetActors.Tests.Kernel;

/// <summary>Bulk data through a wire of given rate, delay and loss: ours against the running kernel's, whose frames pass the same model of a wire.</summary>
public sealed class BulkThroughputTests(ITestOutputHelper output)
{
    private const double WarmUp = 2;
    private const double Seconds = 12;
    private const ulong Seed = 7;

    private sealed record Case(string Name, string Congestion, double RttMs, double Loss, int Mbit);

    private static readonly Case[] Cases =
    [
        new("a", "reno", 20, 0.003, 0),
        new("b", "cubic", 20, 0.003, 0),
        new("c", "bbr", 40, 0.01, 20),
        new("d", "cubic", 40, 0, 20),
    ];

    [NetnsFact]
    public void Is_within_five_percent_of_what_the_kernel_reaches()
    {
        var theirs = Theirs();
        foreach (var (c, kernel) in Cases.Zip(theirs))
        {
            var ours = Ours(c);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{c.Congestion}, {c.RttMs} ms, loss {c.Loss:P1}, {(c.Mbit == 0 ? "fast" : c.Mbit + " Mbit/s")}: kernel {kernel * 8 / 1e6:F2} Mbit/s, ours {ours * 8 / 1e6:F2} Mbit/s, ratio {ours / kernel:F3}"));
            Assert.InRange(ours / kernel, 0.95, 1.05);
        }
    }

    private List<double> Theirs()
    {
        var pairs = Cases.Select(c => new KernelPair("na" + c.Name, WireOf(c), Seed, c.Mbit == 0 ? "pfifo limit 1000" : $"tbf rate {c.Mbit}mbit burst 3000 limit 3000000")).ToList();
        var end = false;
        var carrier = new Thread(() => KernelPair.Carry(pairs, () => Volatile.Read(ref end)));
        carrier.Start();
        try
        {
            var servers = Cases.Zip(pairs).Select(p => p.Second.Start(p.First.Congestion, WarmUp, Seconds)).ToList();
            var rates = servers.Select(s => double.Parse(s.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture)).ToList();
            foreach (var pair in pairs) output.WriteLine($"late by {pair.MeanLateness * 1e3:F3} ms, {pair.Wires[0].Counters.Sent} frames, {pair.Wires[0].Counters.Lost} lost");
            return rates;
        }
        finally
        {
            Volatile.Write(ref end, true);
            carrier.Join();
            foreach (var pair in pairs) pair.Dispose();
        }
    }

    private static WireSettings WireOf(Case c) => new()
    {
        BitsPerSecond = 0, PropagationDelay = KernelTime.FromMicroseconds((long)(c.RttMs * 500)), Loss = c.Loss, QueueFrames = 10_000,
    };

    /// <summary>Bytes a second.</summary>
    private static double Ours(Case c)
    {
        // tbf counts Ethernet's header in a TUN device's packets as nothing: 1500 bytes there take the time of 1538 on our wire.
        var rate = c.Mbit == 0 ? "10Gbit" : string.Create(CultureInfo.InvariantCulture, $"{(long)(c.Mbit * 1e3 * 1538 / 1500)}kbit");
        var yaml = $$"""
            duration: 100s
            seed: {{Seed}}
            cost-model: none
            hosts:
              client:
                devices: { eth0: { addresses: [10.0.0.2/24], mac: "02:00:00:00:00:02", queues: 1 } }
                neighbours: [ "10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0" ]
                tasks: [ { name: bulk, program: tcp-stream, io: blocking, connect: "10.0.0.1:5001", congestion: {{c.Congestion}}, send: 64KiB } ]
              server:
                devices: { eth0: { addresses: [10.0.0.1/24], mac: "02:00:00:00:00:01", queues: 1, features: { gro: off } } }
                neighbours: [ "10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0" ]
                tasks: [ { name: sink, program: tcp-server, io: blocking, does: discard, bind: "0.0.0.0:5001" } ]
            wires:
              - { between: [client.eth0, server.eth0], rate: {{rate}}, delay: {{c.RttMs / 2}}ms, loss: {{c.Loss * 100}}% }
            """;
        using var run = new Running(yaml);
        run.Until((long)(WarmUp * 1e6));
        var before = StreamRun.Of(run, "sink").BytesReceived;
        run.Until((long)((WarmUp + Seconds) * 1e6));
        return (StreamRun.Of(run, "sink").BytesReceived - before) / Seconds;
    }
}

/// <summary>Needs root, namespaces, TUN and Python; skipped, saying so, without.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetnsFactAttribute : FactAttribute
{
    public NetnsFactAttribute()
    {
        var probe = new NetnsTheoryAttribute();
        if (probe.Skip is not null) Skip = probe.Skip;
        else if (!File.Exists("/dev/net/tun")) Skip = "there is no /dev/net/tun";
        else if (!HasPython()) Skip = "python3 is not installed";
    }

    private static bool HasPython()
    {
        try
        {
            return TcOracleTests.Run("python3", "-c \"import socket; socket.TCP_CONGESTION\"").Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
