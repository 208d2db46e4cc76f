namespace NetActors.Tests.Hosts;

/// <summary>Scenarios of the host tests. Nothing costs time unless a test says so.</summary>
internal static class Yaml
{
    /// <summary>One host, server 10.0.0.1 on eth0, whose neighbour 10.0.0.2 is known.</summary>
    public static string Server(
        int cpus = 1, string device = "queues: 1", string sysctl = "", string tasks = "", string traffic = "", string top = "", string more = "") => $$"""
        duration: 20s
        cost-model: none
        {{top}}
        hosts:
          server:
            cpus: {{cpus}}
            sysctl: { {{sysctl}} }
            {{more}}
            devices:
              eth0: { addresses: [10.0.0.1/24], mac: "02:00:00:00:00:01", features: { gro: off }, coalesce: { rx-usecs: 0, rx-frames: 1 }, {{device}} }
            neighbours: [ "10.0.0.2 lladdr 02:00:00:00:00:fe dev eth0" ]
            tasks: [ {{tasks}} ]
        traffic: [ {{traffic}} ]
        """;

    /// <summary>A sink on port 9000 that starts when nobody looks any more: its socket fills up.</summary>
    public const string DeafSink = """{ name: sink, program: udp-sink, bind: "0.0.0.0:9000", start: 19s }""";

    public static string Sink(string more = "batch: 32") => $$"""{ name: sink, program: udp-sink, bind: "0.0.0.0:9000", {{more}} }""";

    /// <summary>Datagrams of one flow to port 9000, spaced evenly.</summary>
    public static string Flood(string rate, string more = "") => $$"""
        { name: flood, to: server.eth0, kind: udp-flood, rate: {{rate}}, arrival: constant, size: 64, source: 10.0.0.2/32, source-ports: 1024, destination: "10.0.0.1:9000" {{more}} }
        """;

    /// <summary>A client 10.0.0.2 and a server 10.0.0.1 on a wire, neither knowing the other's address.</summary>
    public static string Pair(string client = "", string server = "", string wire = "delay: 5us", string clientSysctl = "", string mtu = "") => $$"""
        duration: 100s
        cost-model: none
        hosts:
          client:
            cpus: 1
            sysctl: { {{clientSysctl}} }
            devices:
              eth0: { addresses: [10.0.0.2/24], queues: 1, mac: "02:00:00:00:00:02", coalesce: { rx-usecs: 0, rx-frames: 1 } {{mtu}} }
            tasks: [ {{client}} ]
          server:
            cpus: 1
            devices:
              eth0: { addresses: [10.0.0.1/24], queues: 1, mac: "02:00:00:00:00:01", coalesce: { rx-usecs: 0, rx-frames: 1 } {{mtu}} }
            tasks: [ {{server}} ]
        wires:
          - { between: [client.eth0, server.eth0], {{wire}} }
        """;
}
