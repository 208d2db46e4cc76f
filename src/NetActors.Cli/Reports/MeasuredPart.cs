using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>What tables of rates and shares show of a run with a warm-up: how much counters grew since its end.</summary>
internal static class MeasuredPart
{
    /// <summary>The growth of what traffic, CPUs, queues and programs over TCP count; the rest as at the end.</summary>
    public static SimulationSnapshot Of(SimulationSnapshot end, SimulationSnapshot begin) => end with
    {
        DurationNs = end.DurationNs - begin.DurationNs,
        Traffic = [.. end.Traffic.Zip(begin.Traffic, Since)],
        Hosts = [.. end.Hosts.Zip(begin.Hosts, Since)],
    };

    private static TrafficSnapshot Since(TrafficSnapshot end, TrafficSnapshot begin) =>
        end with { Sent = end.Sent - begin.Sent, SentBytes = end.SentBytes - begin.SentBytes };

    private static HostSnapshot Since(HostSnapshot end, HostSnapshot begin)
    {
        var cpus = begin.Cpus.ToDictionary(c => c.Id); // one may have come online, or gone
        return end with
        {
            Cpus = [.. end.Cpus.Select(c => cpus.TryGetValue(c.Id, out var before) ? Since(c, before) : c)],
            Devices = [.. end.Devices.Zip(begin.Devices, (e, b) => e with { Queues = [.. e.Queues.Zip(b.Queues, Since)] })],
            TcpTasks = [.. end.TcpTasks.Zip(begin.TcpTasks, Since)],
        };
    }

    private static CpuSnapshot Since(CpuSnapshot end, CpuSnapshot begin) => end with
    {
        HardirqNs = end.HardirqNs - begin.HardirqNs,
        SoftirqNs = end.SoftirqNs - begin.SoftirqNs,
        SystemNs = end.SystemNs - begin.SystemNs,
        UserNs = end.UserNs - begin.UserNs,
        IdleNs = end.IdleNs - begin.IdleNs,
        Packets = end.Packets - begin.Packets,
        Hardirqs = end.Hardirqs - begin.Hardirqs,
        Softirqs = end.Softirqs with { NetRx = end.Softirqs.NetRx - begin.Softirqs.NetRx },
        Softnet = end.Softnet with { TimeSqueeze = end.Softnet.TimeSqueeze - begin.Softnet.TimeSqueeze },
        KsoftirqdWakeups = end.KsoftirqdWakeups - begin.KsoftirqdWakeups,
        IpisReceived = end.IpisReceived - begin.IpisReceived,
        RescheduleIpis = end.RescheduleIpis - begin.RescheduleIpis,
        ContextSwitches = end.ContextSwitches - begin.ContextSwitches,
    };

    private static QueueSnapshot Since(QueueSnapshot end, QueueSnapshot begin) => end with
    {
        Packets = end.Packets - begin.Packets,
        Bytes = end.Bytes - begin.Bytes,
        Drops = end.Drops - begin.Drops,
        Interrupts = end.Interrupts - begin.Interrupts,
        Polls = end.Polls - begin.Polls,
        GroMerged = end.GroMerged - begin.GroMerged,
    };

    private static TcpTaskSnapshot Since(TcpTaskSnapshot end, TcpTaskSnapshot begin) => end with
    {
        Connected = end.Connected - begin.Connected,
        Accepted = end.Accepted - begin.Accepted,
        AcceptedNothing = end.AcceptedNothing - begin.AcceptedNothing,
        Closed = end.Closed - begin.Closed,
        Failed = end.Failed - begin.Failed,
        Requests = end.Requests - begin.Requests,
        BytesSent = end.BytesSent - begin.BytesSent,
        BytesReceived = end.BytesReceived - begin.BytesReceived,
    };
}
