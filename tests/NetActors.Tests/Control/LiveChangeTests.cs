using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Control;

/// <summary>Addresses, links and routes change while packets are under way.</summary>
public sealed class LiveChangeTests
{
    [Fact]
    public void Datagrams_for_a_new_address_are_taken_from_when_it_is_there_until_it_is_gone()
    {
        var traffic = Yaml.Flood("10kpps", ", stop: 30ms").Replace("10.0.0.1:9000", "10.0.0.7:9000", StringComparison.Ordinal);
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink(), traffic: traffic));
        run.Until(10_000);
        Assert.Equal(0, run.Socket("sink").Delivered);
        Assert.Equal(Errno.None, run.Simulation.ChangeNet("server", t => t.AddAddress(2, new() { Local = new Ipv4Prefix(0x0A000007, 24) })));
        run.Until(20_000);
        Assert.InRange(run.Socket("sink").Delivered, 98, 101);
        Assert.Equal(Errno.None, run.Simulation.ChangeNet("server", t => t.DeleteAddress(2, new Ipv4Prefix(0x0A000007, 24))));
        run.Until(40_000);
        Assert.InRange(run.Socket("sink").Delivered, 98, 102);
    }

    [Fact]
    public void Host_that_is_not_there_is_told() =>
        Assert.Throws<ArgumentException>(() =>
        {
            using var run = new Running(Yaml.Server());
            run.Simulation.ChangeNet("nobody", t => t.SetLink(2, up: false));
        });
}
