using NetActors.Costs;

namespace NetActors.Scenarios.Reading;

/// <summary>Every table of keys, in the order of the reference.</summary>
internal static class ScenarioTables
{
    /// <summary>The tables of scenarios.</summary>
    public static IReadOnlyList<KeyTable> Scenario { get; } =
    [
        ScenarioFileReader.Keys, ScenarioFileReader.ClockKeys, HostReader.Keys, HostReader.CpuKeys, HostReader.SoftirqKeys,
        IrqBalanceReader.Keys, DeviceReader.Keys, RingReader.Keys, CoalesceReader.Keys, RingReader.PauseKeys, FeatureReader.Keys, RxFlowHashReader.Keys,
        RxfhReader.Keys, QueueReader.RxKeys, QueueReader.TxKeys, QueueReader.LimitKeys, ArfsReader.Keys, NapiReader.Keys, XdpReader.Keys,
        TaskKeys.Common, TaskKeys.Udp, TaskKeys.Server, TaskKeys.Client, TaskKeys.ClosedLoop, TaskKeys.OpenLoop, TaskKeys.Flood,
        TcpKeys.Tcp, TcpKeys.Server, TcpKeys.Client, TcpKeys.Loop, TcpKeys.Ask, TcpKeys.Request, TcpKeys.Memcached, TcpKeys.Stream,
        TaskKeys.Ping, TaskKeys.Hog, WireReader.Keys, TrafficReader.Keys, TrafficReader.GeneratedKeys, TrafficReader.UdpKeys,
        TrafficReader.IcmpKeys, TrafficReader.ReplayKeys, EventReader.Keys, ReportReader.Keys,
    ];

    /// <summary>The tables of cost models.</summary>
    public static IReadOnlyList<KeyTable> CostModel { get; } = [CostModelReader.Keys, CostModelReader.FigureKeys];

    /// <summary>Where a key belongs that was written one level too high: <c>coalesce.rx-usecs</c>; null when nowhere below.</summary>
    public static string? ElsewhereUnder(KeyTable table, string name)
    {
        var prefix = table == ScenarioFileReader.Keys ? "" : table.Path + ".";
        foreach (var below in Scenario)
            if (below != table && below.Path.StartsWith(prefix, StringComparison.Ordinal)
                && !below.Path[prefix.Length..].Contains('.', StringComparison.Ordinal)
                && below.Own.FirstOrDefault(key => NearestName.IsSame(key.Name, name)) is { } key)
                return $"{below.Path[prefix.Length..]}.{key.Name}";
        return null;
    }
}
