using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Simulations;

/// <summary>A whole host under <see cref="FuzzedFrames"/>: several queues, RPS, servers, and clients that ICMP errors can find.</summary>
internal static class FuzzedHost
{
    private const uint Address = 0x0A00_0001;
    private static readonly MacAddress Mac = new(0x0200_0000_0001);

    /// <summary>The host; <paramref name="corpus"/> are good frames of any kind.</summary>
    public static (Simulation Simulation, KernelTime End) Start(
        IReadOnlyList<byte[]> corpus, ulong seed, long frames, KernelVersion kernel = KernelVersion.V6, ClockKind clock = ClockKind.Virtual)
    {
        var gap = KernelTime.FromNanoseconds(clock == ClockKind.Virtual ? 400 : 20_000);
        var ends = new FrameEnds(new MacAddress(0x0200_0000_0002), Mac, 0x0A00_0002, Address);
        List<byte[]> all = [.. corpus, .. Frames(ends)];
        var simulation = Simulation.Start(Scenario(seed, kernel), new SimulationOptions
        {
            Clock = clock,
            OpenReplay = _ => new FuzzedFrames(all, ends, seed, frames, gap),
        });
        return (simulation, gap * frames);
    }

    private static ScenarioFile Scenario(ulong seed, KernelVersion kernel)
    {
        // The reader wants a file that exists for a replay; the frames come from OpenReplay.
        var result = ScenarioReader.ReadText(
            $$"""
            seed: {{seed}}
            duration: 3600s
            kernel: "{{(kernel == KernelVersion.V6 ? "6.x" : "3.10")}}"
            clock: { quantum: 2us }
            hosts:
              host:
                cpus: 4
                sysctl: { net.ipv4.ipfrag_time: 2, net.core.rps_sock_flow_entries: 64 {{(kernel == KernelVersion.V6 ? ", net.core.flow_limit_cpu_bitmap: f, net.core.netdev_max_backlog: 20" : "")}} }
                devices:
                  eth0:
                    mac: 02:00:00:00:00:01
                    addresses: [10.0.0.1/24]
                    queues: 4
                    ring: { rx: 512, tx: 512 }
                    coalesce: { rx-usecs: 20, rx-frames: 0 }
                    promisc: {{(seed % 2 == 0 ? "on" : "off")}}
                    features: { gro: off, rx: {{(seed % 3 == 0 ? "off" : "on")}} }
                    rx-flow-hash: { udp4: sdfn }
                    queues-sysfs: { rx-*: { rps_flow_cnt: 16 }, rx-0: { rps_cpus: f }, rx-1: { rps_cpus: c } }
                routes: [ "default via 10.0.0.254 dev eth0" ]
                neighbours: [ "10.0.0.254 lladdr 02:00:00:00:00:fe dev eth0" ]
                tasks:
                  - { name: sink, program: udp-sink, threads: 2, reuseport: on, bind: "0.0.0.0:9", batch: 16 }
                  - { name: echo, program: udp-echo, threads: 2, bind: "0.0.0.0:7", batch: 16 }
                  - { name: asker, program: udp-closed-loop, connect: "10.0.0.2:7", outstanding: 4, timeout: 1ms, stop: 1ms }
            traffic:
              - { name: fuzz, to: host.eth0, kind: replay, file: "{{typeof(FuzzedHost).Assembly.Location}}" }
            """,
            "fuzz.yaml");
        return result.Scenario ?? throw new InvalidOperationException(string.Join('\n', result.Faults));
    }

    /// <summary>Frames of every kind that the stack looks into.</summary>
    private static List<byte[]> Frames(FrameEnds ends)
    {
        var list = new List<byte[]>();
        var frame = new byte[1600];
        byte[] payload = [.. Enumerable.Range(0, 1400).Select(i => (byte)i)];
        foreach (var bytes in (int[])[0, 1, 8, 18, 64, 700, 1400])
        {
            Add(FrameBuilder.WriteUdp(frame, ends, 40000, 9, payload.AsSpan(0, bytes)));
            Add(FrameBuilder.WriteUdp(frame, ends, (ushort)(40000 + bytes), 7, payload.AsSpan(0, bytes)));
            Add(FrameBuilder.WriteUdp(frame, ends, 40000, (ushort)(20000 + bytes), payload.AsSpan(0, bytes)));
            Add(FrameBuilder.WriteIcmpEcho(frame, ends, reply: false, 1, (ushort)bytes, payload.AsSpan(0, bytes)));
        }

        Add(FrameBuilder.WriteIcmpEcho(frame, ends, reply: true, 1, 1, payload.AsSpan(0, 56)));
        Add(FrameBuilder.WriteTcp(frame, ends, new TcpSegment(1, 2, 3, 4, TcpFlags.Syn, 5), [], []));
        Add(FrameBuilder.WriteArpRequest(frame, ends.SourceMac, ends.Source, ends.Destination));
        Add(FrameBuilder.WriteArpReply(frame, ends));
        foreach (var port in (ushort[])[32768, 40000, 50000, 60999]) // port unreachable that quotes a datagram of ours
        {
            var quoted = new byte[1600];
            var length = FrameBuilder.WriteUdp(quoted, new FrameEnds(ends.DestinationMac, ends.SourceMac, ends.Destination, ends.Source), port, 7, payload.AsSpan(0, 18));
            length = FrameBuilder.WriteIcmpEcho(frame, ends, reply: false, 0, 0, quoted.AsSpan(14, length - 14));
            (frame[34], frame[35]) = (3, 3); // the checksum is made good by FuzzedFrames more often than not
            Add(length);
        }

        foreach (var options in (byte[][])[[0x94, 4, 0, 0], [7, 7, 4, 0, 0, 0, 0, 1], [68, 8, 5, 0, 0, 0, 0, 0], [131, 3, 4, 0], [137, 7, 4, 10, 0, 0, 1, 0]])
            list.Add(WithOptions(list[0], options));
        list.Add(Tagged(list[0], 5));
        list.Add(Tagged(list[0], 0));
        list.Add(Fragment(list[4], 0x2000));
        list.Add(Fragment(list[4], 0x0010));
        return list;

        void Add(int length) => list.Add(frame.AsSpan(0, length).ToArray());
    }

    private static byte[] WithOptions(byte[] frame, byte[] options)
    {
        byte[] longer = [.. frame.AsSpan(0, 34), .. options, .. frame.AsSpan(34)];
        longer[14] = (byte)(0x45 + (options.Length / 4));
        longer[17] = (byte)(longer.Length - 14);
        return longer;
    }

    private static byte[] Tagged(byte[] frame, byte vlan) => [.. frame.AsSpan(0, 12), 0x81, 0, 0, vlan, .. frame.AsSpan(12)];

    private static byte[] Fragment(byte[] frame, ushort bits)
    {
        byte[] copy = [.. frame];
        (copy[20], copy[21]) = ((byte)(bits >> 8), (byte)bits);
        return copy;
    }
}
