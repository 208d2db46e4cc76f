using NetActors.Headers;
using NetActors.Script.Running;
using NetActors.Script.Shell;
using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;
using NetActors.Time;

namespace NetActors.Script.Tests.Running;

/// <summary>The conformance scripts against a stack that does what they say, or all but one thing.</summary>
public sealed class ObedientRunTests
{
    private static string Folder => Repository.Path("tests", "NetActors.Script.Tests", "Conformance");

    public static TheoryData<string> Names => ConformanceScriptTests.Names;

    private static PacketScript Script(string name) => ScriptParser.Parse(File.ReadAllText(Path.Combine(Folder, name)), name).Script!;

    private static ScriptResult Run(PacketScript script, ObedientHost host) =>
        ScriptRunner.Run(script, host, new FakeCommands(), new ScriptDirectory(Folder));

    private static int OutboundPackets(PacketScript script) =>
        script.Events.Count(step => step.Action is PacketAction { Packet.Direction: PacketDirection.Outbound });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stack_that_does_what_the_script_says_passes(string name)
    {
        var script = Script(name);
        var host = new ObedientHost(script);
        var result = Run(script, host);
        Assert.Equal("", result.Failure?.ToString() ?? "");
        Assert.Empty(host.Surprises);
        Assert.Equal(OutboundPackets(script), host.Sent);
    }

    /// <summary>Each outbound TCP segment in turn has another urgent pointer, which nothing but the comparison can notice.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Any_packet_with_one_field_wrong_fails(string name)
    {
        var script = Script(name);
        var specs = script.Events.Select(step => step.Action).OfType<PacketAction>().Where(action =>
            action.Packet.Direction == PacketDirection.Outbound).ToArray();
        for (var i = 0; i < specs.Length; i++)
        {
            if (specs[i].Packet is not TcpPacketSpec) continue;
            var result = Run(script, new ObedientHost(script) { Spoilt = (i, Spoil) });
            Assert.Equal(specs[i].Packet.Position, result.Failure?.Position);
            Assert.Contains("tcp_urg_ptr", result.Failure!.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Each packet with a single time in turn leaves later than any tolerance of these scripts allows.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Any_packet_that_is_late_fails(string name)
    {
        var script = Script(name);
        var steps = script.Events.Where(step => step.Action is PacketAction { Packet.Direction: PacketDirection.Outbound }).ToArray();
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Time.Kind == EventTimeKind.Any) continue;
            var delay = steps[i].Time.End - steps[i].Time.Start + KernelTime.FromMilliseconds(5)
                + KernelTime.FromNanoseconds(steps[i].Time.Start.Nanoseconds / 8);
            var result = Run(script, new ObedientHost(script) { Spoilt = (i, static _ => { }), Delay = delay });
            Assert.Contains("expected the packet", result.Failure?.Message ?? "passed", StringComparison.Ordinal);
        }
    }

    private static void Spoil(byte[] packet)
    {
        _ = Ipv4Header.TryParse(packet, out var ip);
        _ = TcpHeader.TryParse(ip.Payload, out var tcp);
        tcp.UrgentPointer = 9;
        tcp.FillChecksum(ip.SourceAddress, ip.DestinationAddress);
    }
}
