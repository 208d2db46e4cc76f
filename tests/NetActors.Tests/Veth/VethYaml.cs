namespace NetActors.Tests.Veth;

/// <summary>A machine of two CPUs, 10.5.0.1 on veth0, whose other end is 10.5.0.2 on eth0 of the namespace box.</summary>
internal static class VethYaml
{
    public static string Text(
        string server = "", string box = "", string near = "", string far = "", string more = "", string top = "cost-model: none", string sysctl = "", string boxMore = "") => $$"""
        duration: 1000s
        {{top}}
        hosts:
          server:
            cpus: 2
            sysctl: { {{sysctl}} }
            devices:
              veth0: { addresses: [10.5.0.1/24], peer: box.eth0 {{near}} }
              {{more}}
            tasks: [ {{server}} ]
          box:
            netns-of: server
            devices:
              eth0: { addresses: [10.5.0.2/24], peer: server.veth0 {{far}} }
            {{boxMore}}
            tasks: [ {{box}} ]
        """;

    public static string Flood(string cpus, string to = "10.5.0.2", string rate = "10kpps", string stop = "10ms") =>
        $$"""{ name: flood, program: packet-flood, cpus: "{{cpus}}", pin: on, destination: "{{to}}:9000", rate: {{rate}}, size: 100, stop: {{stop}} }""";

    public static string Sink(string cpus = "0") => $$"""{ name: sink, program: udp-sink, cpus: "{{cpus}}", pin: on, bind: "0.0.0.0:9000", batch: 32 }""";

    public static string Stream(string cpus, string more = "bytes: 300000B, stop: 300ms") =>
        $$"""{ name: streams, program: tcp-stream, cpus: "{{cpus}}", pin: on, connect: "10.5.0.2:5001", {{more}} }""";

    public static string StreamSink(string cpus, string stop = "400ms") =>
        $$"""{ name: streamsink, program: tcp-server, cpus: "{{cpus}}", pin: on, does: discard, bind: "0.0.0.0:5001", stop: {{stop}} }""";
}
