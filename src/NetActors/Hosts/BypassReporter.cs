using NetActors.Apps;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Xdp;

namespace NetActors.Hosts;

/// <summary>Takes the figures of what goes past the stack.</summary>
internal static class BypassReporter
{
    public static IEnumerable<XdpSocketSnapshot> Sockets(Host host) =>
        host.Nics.SelectMany(nic => nic.Xsks.OfType<XskSocket>().Select(socket => SocketOf(nic, socket)));

    public static IEnumerable<CpuMapSnapshot> CpuMaps(Host host) => host.Nics.SelectMany(nic => nic.CpuMap.Select(thread => EntryOf(nic, thread.Entry)));

    public static IEnumerable<BypassTaskSnapshot> Tasks(Host host) =>
        host.Tasks.Where(t => t.Program is BypassProgram).GroupBy(t => t.Entity.Name).Select(TaskOf);

    private static XdpSocketSnapshot SocketOf(NicDevice nic, XskSocket socket) => new()
    {
        Device = nic.Name,
        Queue = socket.Queue,
        ZeroCopy = socket.Settings.ZeroCopy,
        Received = socket.Received,
        Sent = socket.Sent,
        RxDropped = socket.RxDropped,
        RxInvalidDescs = socket.Umem.InvalidFill,
        TxInvalidDescs = socket.TxInvalid,
        RxRingFull = socket.RxRingFull,
        RxFillRingEmptyDescs = socket.Umem.Fill.EmptyDescriptors,
        TxRingEmptyDescs = socket.Tx.EmptyDescriptors,
    };

    private static CpuMapSnapshot EntryOf(NicDevice nic, CpuMapEntry entry) => new()
    {
        Device = nic.Name,
        Cpu = entry.Cpu,
        Enqueued = entry.Enqueued,
        Drops = entry.Drops,
        Bulks = entry.Bulks,
        KthreadPackets = entry.Processed,
        KthreadDrops = entry.ThreadDrops,
    };

    private static BypassTaskSnapshot TaskOf(IGrouping<string, HostTask> threads)
    {
        var programs = threads.Select(t => (BypassProgram)t.Program).ToList();
        return new BypassTaskSnapshot
        {
            Name = threads.Key,
            Threads = programs.Count,
            Handled = programs.Sum(p => p.Handled),
            Ignored = programs.Sum(p => p.Ignored),
            TxDropped = programs.Sum(p => p.TxDropped),
            Calls = programs.OfType<AfXdpProgram>().Sum(p => p.Calls),
        };
    }
}
