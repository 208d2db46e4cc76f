namespace NetActors.Tests.Transmit;

/// <summary>A client that sends through a card with qdiscs to a server, over a wire.</summary>
internal static class Path
{
    public static string Yaml(string tc, string client, string server, string wire = "rate: 1Gbit, delay: 10us", string device = "queues: 1", int cpus = 1, string sysctl = "") => $$"""
        duration: 100s
        hosts:
          client:
            cpus: {{cpus}}
            sysctl: { {{sysctl}} }
            devices:
              eth0: { addresses: [10.0.0.2/24], mac: "02:00:00:00:00:02", {{device}}, tc: [ {{string.Join(", ", tc.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(c => $"\"tc {c.Trim()}\""))}} ] }
            tasks: [ {{client}} ]
          server:
            cpus: {{cpus}}
            devices:
              eth0: { addresses: [10.0.0.1/24], mac: "02:00:00:00:00:01", {{device}} }
            tasks: [ {{server}} ]
        wires:
          - { between: [client.eth0, server.eth0], {{wire}} }
        """;

    public static string Flood(string name, int port, string rate, int size = 1000, string more = "") =>
        $$"""{ name: {{name}}, program: packet-flood, destination: "10.0.0.1:{{port}}", rate: {{rate}}, size: {{size}} {{more}} }""";

    public static string Sink(string name, int port) => $$"""{ name: {{name}}, program: udp-sink, bind: "0.0.0.0:{{port}}", batch: 32 }""";

    public static string Stream(string name, int port, string more = "") => $$"""{ name: {{name}}, program: tcp-stream, connect: "10.0.0.1:{{port}}", send: 16KiB {{more}} }""";

    public static string StreamSink(string name, int port, string more = "") => $$"""{ name: {{name}}, program: tcp-server, does: discard, bind: "0.0.0.0:{{port}}" {{more}} }""";
}
