using System.Globalization;
using Akka.Actor;
using NetActors.Hosts;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>
/// <c>idle [CONNECTIONS]</c>: what an open connection that says nothing takes of managed memory, and how many actors, both ends together: the
/// difference between a run with half of the connections and one with all, both before the clients begin to close.
/// </summary>
internal static class IdleTarget
{
    public static int Run(string[] args)
    {
        var connections = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        _ = Measure(connections / 10); // what is made once
        var (few, many) = (Measure(connections / 2), Measure(connections));
        double more = many.Connections - few.Connections;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{many.Connections} connections: {(many.Bytes - few.Bytes) / more:N0} bytes and {(many.Actors - few.Actors) / more:F2} actors a connection, both ends"));
        return 0;
    }

    private static (long Connections, long Bytes, long Actors) Measure(int connections)
    {
        var result = ScenarioReader.Read(ScenarioFiles.Find("tcp-idle"), [$"hosts.client.tasks.idle.connections={connections / 4}"]);
        if (result.Scenario is not { } scenario) throw new InvalidDataException(string.Join('\n', result.Faults));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var simulation = Simulation.Start(scenario);
        simulation.RunUntil(new KernelTime(scenario.Duration.Nanoseconds / 10 * 9));
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var hosts = simulation.Plan.Hosts;
        var actors = hosts.SelectMany(h => h.Cpus).Sum(c => ((ActorRefWithCell)c.SocketsActor).Children.Count());
        return (hosts[0].Stack.Tcp.Tables.EstablishedCount, bytes, actors);
    }
}
