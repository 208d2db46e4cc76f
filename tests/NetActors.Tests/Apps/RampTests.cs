using NetActors.Hosts;
using NetActors.Tests.Simulations;
using NetActors.Time;

namespace NetActors.Tests.Apps;

/// <summary>A client that opens its connections one after the other.</summary>
public sealed class RampTests
{
    [Fact]
    public void Connections_are_opened_evenly_over_the_ramp()
    {
        using var simulation = Simulation.Start(Runs.Text(
            """
            duration: 1s
            hosts:
              client:
                devices: { eth0: { addresses: [10.0.0.2/24] } }
                tasks:
                  - { name: asker, program: tcp-rr, connect: "10.0.0.1:80", connections: 10, ramp: 100ms, start: 50ms, think: 5s }
              server:
                devices: { eth0: { addresses: [10.0.0.1/24] } }
                tasks:
                  - { name: web, program: tcp-server, bind: "0.0.0.0:80" }
            wires: [ { between: [client.eth0, server.eth0] } ]
            """));
        Assert.Equal(0, ConnectedAt(simulation, 49));
        Assert.Equal(1, ConnectedAt(simulation, 59));
        Assert.Equal(5, ConnectedAt(simulation, 99));
        Assert.Equal(9, ConnectedAt(simulation, 139));
        Assert.Equal(10, ConnectedAt(simulation, 149));
        simulation.RunUntil(KernelTime.FromMilliseconds(300));
        Assert.Equal(10, simulation.Snapshot().Hosts.Single(h => h.Name == "client").TcpTasks.Single().Requests);
    }

    private static long ConnectedAt(Simulation simulation, int milliseconds)
    {
        simulation.RunUntil(KernelTime.FromMilliseconds(milliseconds));
        return simulation.Snapshot().Hosts.Single(h => h.Name == "client").TcpTasks.Sum(t => t.Connected);
    }
}
