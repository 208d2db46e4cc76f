using NetActors.Lab.Advising;
using NetActors.Lab.Tuning;
using NetActors.Scenarios;

namespace NetActors.Cli.Tests.Lab;

/// <summary>What advise and explain would set: each is a setting that the scenario takes, and a command for it.</summary>
public sealed class KnobsTests
{
    [Theory]
    [InlineData("memcached", "server")]
    [InlineData("rss-udp-flood", "server")]
    [InlineData("interrupt-policy", "server")]
    public void Every_setting_that_is_tried_can_be_read(string name, string host)
    {
        var library = new Commands.ScenarioLibrary(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Directory = "." });
        var scenario = library.Read(name, []).Scenario!;
        foreach (var dimension in Dimensions.Of(scenario, host))
        {
            foreach (var knob in dimension.Options(scenario))
            {
                Assert.Equal("", string.Join('\n', library.Read(name, [.. knob.Set]).Faults));
                Assert.NotEmpty(knob.Commands);
            }
        }
    }

    [Fact]
    public void Suspension_is_both_the_cards_and_the_programs()
    {
        var library = new Commands.ScenarioLibrary(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Directory = "." });
        var host = library.Read("interrupt-policy", []).Scenario!.Hosts.Single(h => h.Name == "server");
        var knob = Knobs.Suspend(host, host.Devices[0]);
        var changed = library.Read("interrupt-policy", [.. knob.Set]).Scenario!.Hosts.Single(h => h.Name == "server");
        Assert.Equal(20_000_000, changed.Devices[0].Napi.IrqSuspendTimeout.Nanoseconds);
        Assert.True(((TcpTaskSettings)changed.Tasks[0]).EpollBusyPoll.Prefer);
        Assert.Contains("irq-suspend-timeout", knob.Commands[0], StringComparison.Ordinal);
        Assert.Contains("EPIOCSPARAMS", knob.Commands[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Transmit_queues_follow_cpus_or_receive_queues()
    {
        var library = new Commands.ScenarioLibrary(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Directory = "." });
        var host = library.Read("interrupt-policy", []).Scenario!.Hosts.Single(h => h.Name == "server");
        Assert.Contains("echo 02 > /sys/class/net/eth0/queues/tx-1/xps_cpus", Knobs.XpsByCpu(host, host.Devices[0]).Commands);
        Assert.Contains("echo 80 > /sys/class/net/eth0/queues/tx-7/xps_rxqs", Knobs.XpsByRxQueue(host, host.Devices[0]).Commands);
    }
}
