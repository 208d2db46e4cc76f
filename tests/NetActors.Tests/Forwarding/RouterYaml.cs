using NetActors.Headers;

namespace NetActors.Tests.Forwarding;

/// <summary>A router 10.1.0.1 on eth0 and 10.2.0.1 on eth1, whose neighbours are known.</summary>
internal static class RouterYaml
{
    public static readonly string[] Addresses = ["10.1.0.1/24", "10.2.0.1/24"];

    /// <summary>In the words of <c>ip route</c>.</summary>
    public static readonly string[] Routes =
    [
        "10.7.0.0/16 via 10.1.0.2", "10.8.0.0/16 via 10.1.0.3", "10.9.0.0/16 via 10.2.0.3", "10.20.0.0/16 via 10.2.0.2 mtu 700",
        "unreachable 10.30.0.0/16", "prohibit 10.31.0.0/16", "blackhole 10.32.0.0/16",
    ];

    /// <summary>In the words of <c>ip neighbour</c>.</summary>
    public static readonly string[] Neighbours =
    [
        .. Enumerable.Range(2, 2).Select(i => $"10.1.0.{i} lladdr 02:00:00:00:01:0{i} dev eth0"),
        .. Enumerable.Range(2, 2).Select(i => $"10.2.0.{i} lladdr 02:00:00:00:02:0{i} dev eth1"),
    ];

    /// <summary>Of device number <paramref name="device"/>.</summary>
    public static string Mac(int device) => $"02:00:00:00:00:0{device + 1}";

    /// <summary>Frames to the router's eth0.</summary>
    public static FrameEnds Ends(string source, string destination) => new(
        new MacAddress(0x0200_0000_0102), new MacAddress(0x0200_0000_0001), Ipv4Address.Parse(source), Ipv4Address.Parse(destination));

    public static string Text(int egressMtu = 1500, string features = "gro: off", string egress = "", string sysctl = "", string napi = "", int cpus = 1, string top = "", string kernel = "6.x", int rateLimit = 0) => $$"""
        duration: 100s
        cost-model: none
        kernel: "{{kernel}}"
        {{top}}
        hosts:
          router:
            cpus: {{cpus}}
            sysctl: { net.ipv4.ip_forward: 1, net.ipv4.icmp_ratelimit: {{rateLimit}}{{(kernel == "6.x" ? ", net.ipv4.icmp_msgs_per_sec: 1000000, net.ipv4.icmp_msgs_burst: 100000" : "")}} {{sysctl}} }
            devices:
              eth0: { addresses: [{{Addresses[0]}}], mac: "{{Mac(0)}}", mtu: 9000, queues: {{cpus}}, features: { {{features}} }, coalesce: { rx-usecs: 0, rx-frames: 1 }, napi: { {{napi}} } }
              eth1: { addresses: [{{Addresses[1]}}], mac: "{{Mac(1)}}", mtu: {{egressMtu}}, queues: {{cpus}}, features: { gro: off {{egress}} }, coalesce: { rx-usecs: 0, rx-frames: 1 } }
            routes: [ {{string.Join(", ", Routes.Select(r => $"\"{r}\""))}} ]
            neighbours: [ {{string.Join(", ", Neighbours.Select(n => $"\"{n}\""))}} ]
        """;
}
