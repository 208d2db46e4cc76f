using System.Globalization;
using CsCheck;

namespace NetActors.Tests.Simulations;

/// <summary>
/// Scenarios drawn at random, as text that can be run again by hand: one server under open-loop floods, or a client and a server over a
/// wire with faults; everything ends well before the duration does.
/// </summary>
internal static class RandomScenarios
{
    /// <summary>Any of them.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(Server(Floods), Pair);

    private static Gen<string> Kernel { get; } = OneOf("6.x", "6.x", "3.10");

    private static Gen<string> Top => from seed in Gen.Int[1, 1_000_000]
                                      from kernel in Kernel
                                      from hz in OneOf("100", "250", "1000", "exact")
                                      from quantum in OneOf("0ns", "0ns", "500ns", "2us", "20us")
                                      from cost in OneOf("bdw6-2018", "bdw6-2018", "bdw6-2018", "none")
                                      select $"seed: {seed}\nduration: 20ms\nkernel: \"{kernel}\"\nclock: {{ quantum: {quantum}, hz: {hz} }}\ncost-model: {cost}\n";

    private static Gen<string> Coalesce => Gen.OneOf(
        OneOf("rx-usecs: 0, rx-frames: 1", "rx-usecs: 20, adaptive-rx: on", "rx-usecs: 30, model: throttle"),
        from usecs in Gen.Int[1, 200] from frames in Gen.Int[0, 64] select $"rx-usecs: {usecs}, rx-frames: {frames}");

    private static Gen<string> Flow => Gen.OneOf(
        Gen.Int[1, 300].Select(n => $"flows: {n}"),
        from n in Gen.Int[2, 300] from e in Gen.Int[0, 20] select string.Create(CultureInfo.InvariantCulture, $"flows: {n}, distribution: zipf, zipf-exponent: {e / 10.0}"),
        from n in Gen.Int[2, 300] from share in Gen.Int[0, 100] select $"flows: {n}, distribution: elephant, elephant-share: {share}%");

    private static Gen<string> Size => OneOf("64", "256", "1518", "{ 64: 7, 576: 4, 1518: 1 }");

    private static Gen<string> Floods =>
        (from rate in Gen.Int[1, 1500]
         from size in Size
         from flow in Flow
         from arrival in OneOf("constant", "poisson", "constant, burst: 32", "constant, burst: 300")
         from ports in OneOf("9000", "9000-9003", "9000-9999")
         from stop in Gen.Int[1, 6]
         from to in OneOf("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.77")
         select (rate, size, flow, arrival, ports, stop, to)).Array[1, 2].Select(floods => string.Concat(floods.Select((f, i) =>
            $"  - {{ name: flood{i}, to: server.eth0, kind: udp-flood, rate: {f.rate}kpps, arrival: {f.arrival}, size: {f.size}, {f.flow}, "
            + $"source: 10.0.1.0/24, destination: \"{f.to}:{f.ports}\", start: {i}ms, stop: {i + f.stop}ms }}\n")));

    private static Gen<string> Pair =>
        from top in Top
        from client in Card("10.0.0.2")
        from server in Card("10.0.0.1")
        from asker in Askers
        from echo in Servers("udp-echo")
        from wire in Wire
        from clientCpus in Gen.Int[1, 4]
        from serverCpus in Gen.Int[1, 4]
        from entries in OneOf(0, 8, 1024)
        select top + "hosts:\n"
            + $"  client:\n    cpus: {clientCpus}\n    sysctl: {{ net.core.rps_sock_flow_entries: {entries} }}\n    devices:\n      eth0: {{ {client(clientCpus)} }}\n    tasks:\n{asker}"
            + $"  server:\n    cpus: {serverCpus}\n    devices:\n      eth0: {{ {server(serverCpus)} }}\n    tasks:\n{echo}"
            + $"wires:\n  - {{ between: [client.eth0, server.eth0], {wire} }}\n";

    private static Gen<string> Wire => from rate in OneOf("100Mbit", "1Gbit", "10Gbit")
                                       from delay in Gen.Int[0, 200]
                                       from loss in Gen.Int[0, 10]
                                       from twice in Gen.Int[0, 10]
                                       from late in Gen.Int[0, 10]
                                       from damaged in Gen.Int[0, 10]
                                       from queue in OneOf(1, 2, 5, 1000)
                                       select $"rate: {rate}, delay: {delay}us, loss: {loss}%, duplicate: {twice}%, reorder: {late}%, reorder-delay: 70us, corrupt: {damaged}%, queue: {queue}";

    private static Gen<string> Askers => Gen.OneOf(
        from threads in Gen.Int[1, 4]
        from outstanding in Gen.Int[1, 32]
        from size in OneOf("8", "64", "1472", "{ 64: 3, 1400: 1 }")
        from batch in OneOf(1, 8)
        from port in OneOf(9000, 9000, 9000, 4)
        select $"      - {{ name: asker, program: udp-closed-loop, threads: {threads}, connect: \"10.0.0.1:{port}\", outstanding: {outstanding}, size: {size}, batch: {batch}, timeout: 2ms, stop: 8ms }}\n",
        from threads in Gen.Int[1, 4]
        from rate in Gen.Int[1, 200]
        from size in OneOf("8", "64", "1472")
        from arrival in OneOf("constant", "poisson")
        select $"      - {{ name: asker, program: udp-open-loop, threads: {threads}, connect: \"10.0.0.1:9000\", rate: {rate}kpps, arrival: {arrival}, size: {size}, timeout: 2ms, stop: 8ms }}\n",
        from rate in Gen.Int[1, 300]
        from size in OneOf("18", "1472", "{ 18: 3, 1400: 1 }")
        from ports in OneOf("9000", "9000-9010")
        select $"      - {{ name: flood, program: packet-flood, destination: \"10.0.0.1:{ports}\", rate: {rate}kpps, size: {size}, batch: 8, stop: 6ms }}\n");

    private static Gen<string> Hogs => Gen.OneOf(
        Gen.Const(""), Gen.Const(""),
        from threads in Gen.Int[1, 3]
        from nice in OneOf(-5, 0, 19)
        from pause in OneOf("0ns", "50us")
        select $"      - {{ name: hog, program: cpu-hog, threads: {threads}, nice: {nice}, burst: 300us, pause: {pause} }}\n");

    private static Gen<string> Server(Gen<string> traffic) =>
        from top in Top
        from card in Card("10.0.0.1")
        from tasks in Servers("udp-sink")
        from hogs in Hogs
        from floods in traffic
        from cpus in Gen.Int[1, 8]
        from backlog in OneOf("", "", "net.core.netdev_max_backlog: 8, ", "net.core.netdev_max_backlog: 0, ")
        from budget in OneOf("", "net.core.netdev_budget: 20, ")
        from defer in OneOf("", "    softirq: { defer_to_running_ksoftirqd: on }\n")
        select top + $"hosts:\n  server:\n    cpus: {cpus}\n    sysctl: {{ {backlog}{budget}net.ipv4.icmp_echo_ignore_all: 0 }}\n{defer}    devices:\n      eth0: {{ {card(cpus)} }}\n"
            + $"    routes: [ \"default via 10.0.0.254 dev eth0\" ]\n    tasks:\n{tasks}{hogs}traffic:\n{floods}";

    private static Gen<string> Servers(string program) =>
        (from threads in Gen.Int[1, 4]
         from reuse in OneOf("on", "off")
         from batch in OneOf(1, 4, 32)
         from service in OneOf("0ns", "0ns", "1us", "5us")
         from buffer in OneOf("", ", rcvbuf: 2304", ", rcvbuf: 20KiB", ", rcvbuf: 1MiB")
         select $"threads: {threads}, reuseport: {reuse}, batch: {batch}, service: {service}{buffer}").Array[1, 2].Select(list => string.Concat(
            list.Select((t, i) => $"      - {{ name: server{i}, program: {program}, bind: \"0.0.0.0:{9000 + i}\", {t} }}\n")));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>A card's keys, once the number of CPUs is known.</summary>
    private static Gen<Func<int, string>> Card(string address) =>
        from queues in Gen.Int[1, 8]
        from ring in OneOf(64, 64, 128, 512)
        from coalesce in Coalesce
        from pause in OneOf("on", "off", "off")
        from fields in OneOf("sd", "sdfn")
        from rps in Gen.UInt[0, 255]
        from steer in Gen.Bool
        from flows in OneOf(0, 1, 64)
        from rx in OneOf("on", "on", "off")
        from weight in OneOf(64, 64, 1, 7)
        select new Func<int, string>(cpus =>
            $"addresses: [{address}/24], queues: {queues}, ring: {{ rx: {ring}, tx: {ring} }}, coalesce: {{ {coalesce} }}, pause: {{ rx: {pause}, tx: {pause} }}, "
            + $"features: {{ gro: off, rx: {rx} }}, rx-flow-hash: {{ udp4: {fields} }}, napi: {{ weight: {weight} }}"
            + (steer ? $", queues-sysfs: {{ rx-*: {{ rps_cpus: {rps & ((1u << cpus) - 1):x}, rps_flow_cnt: {flows} }} }}" : ""));
}
