using NetActors.Scenarios;

namespace NetActors.Lab.Runs;

/// <summary>What a run's throughput counts.</summary>
internal enum WorkUnit
{
    /// <summary>Requests that were answered, in time.</summary>
    Transactions,

    /// <summary>Bytes that servers read from streams.</summary>
    Bytes,

    /// <summary>Datagrams that programs took.</summary>
    Datagrams,

    /// <summary>Packets that the host sent: a router, or a flood.</summary>
    Sent,

    /// <summary>Packets that the host's stack looked at; where it has none, that its cards took.</summary>
    Packets,
}

/// <summary>Which host a study looks at, and what it counts there.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record Subject(string Host, WorkUnit Unit)
{
    /// <summary>
    /// The host with a server, else that which traffic is sent to, else the first; unless <paramref name="host"/> names one. What is
    /// counted follows from the programs: requests, streams, datagrams, packets sent on, packets.
    /// </summary>
    public static Subject Of(ScenarioFile scenario, string? host = null)
    {
        var hosts = scenario.Hosts;
        var name = host
            ?? hosts.FirstOrDefault(h => h.Tasks.Any(t => t is TcpServerSettings or UdpServerSettings))?.Name
            ?? scenario.Traffic.Select(t => t.To.Host).FirstOrDefault()
            ?? hosts[0].Name;
        return new Subject(name, UnitOf(scenario, hosts.First(h => h.Name == name)));
    }

    /// <summary>The task's latency is that of an answer.</summary>
    public static bool Asks(TaskSettings task) => task is TcpLoopSettings or UdpClientSettings or PingSettings;

    private static WorkUnit UnitOf(ScenarioFile scenario, HostSettings host)
    {
        var tasks = scenario.Hosts.SelectMany(h => h.Tasks).ToList();
        if (tasks.Any(Asks)) return WorkUnit.Transactions;
        if (tasks.Any(t => t is TcpStreamSettings)) return WorkUnit.Bytes;
        if (tasks.Any(t => t is UdpSinkSettings or BypassSettings { IsEcho: false })) return WorkUnit.Datagrams;
        return host.Sysctl["net.ipv4.ip_forward"] == 1 || host.Tasks.Any(t => t is PacketFloodSettings) ? WorkUnit.Sent : WorkUnit.Packets;
    }
}
