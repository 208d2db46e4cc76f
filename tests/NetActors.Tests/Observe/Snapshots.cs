using NetActors.Buffers;
using NetActors.Observe;

namespace NetActors.Tests.Observe;

/// <summary>Hand-made snapshots in which every number is another, so that a swapped column shows.</summary>
internal static class Snapshots
{
    public static CpuSnapshot Cpu(int id) => new()
    {
        Id = id,
        Node = id,
        HardirqNs = 1_000 + id,
        SoftirqNs = 2_000 + id,
        SystemNs = 3_000 + id,
        UserNs = 4_000 + id,
        IdleNs = 5_000 + id,
        Packets = 60 + id,
        Hardirqs = 70 + id,
        Softirqs = SoftirqCounts.From([0, 18179 + id, 6, 3660 + id, 5, 0, 12, 9, 1, 77]),
        Softnet = new()
        {
            Processed = 0x16ac + id,
            Dropped = 0x22,
            TimeSqueeze = 0x33,
            CpuCollision = 0x99,
            ReceivedRps = 0xaa,
            FlowLimitCount = 0xbb,
            InputQueueLength = 3,
            ProcessQueueLength = 4,
        },
        IpisSent = 80 + id,
        IpisReceived = 40109 + id,
        RescheduleIpis = 8858 + id,
        TimerInterrupts = 55907 + id,
        ContextSwitches = 90 + id,
        KsoftirqdWakeups = 95 + id,
    };

    public static DeviceSnapshot Device(string name, int ifIndex) => new()
    {
        Name = name,
        IfIndex = ifIndex,
        Stats = new()
        {
            RxBytes = 134491897,
            RxPackets = 5793,
            RxErrors = 1,
            RxDropped = 2,
            RxMissedErrors = 3,
            RxFifoErrors = 4,
            RxLengthErrors = 5,
            RxOverErrors = 6,
            RxCrcErrors = 7,
            RxFrameErrors = 8,
            RxCompressed = 9,
            Multicast = 10,
            TxBytes = 377436,
            TxPackets = 4747,
            TxErrors = 11,
            TxDropped = 12,
            TxFifoErrors = 13,
            Collisions = 14,
            TxCarrierErrors = 15,
            TxAbortedErrors = 16,
            TxWindowErrors = 17,
            TxHeartbeatErrors = 18,
            TxCompressed = 19,
        },
        Ethtool = [new("rx_queue_0_packets", 5793), new("rx_no_dma_resources", 3)],
        Queues = [new() { Direction = QueueDirection.Rx, Index = 0, Packets = 5793, RingSize = 512 }],
    };

    public static HostSnapshot Host() => new()
    {
        Name = "server",
        Cpus = [Cpu(0), Cpu(1)],
        Interrupts =
        [
            new(38, "PCI-MSIX-0000:00:03.0", 1, "edge", "virtio2-input.0", [0, 4129]),
            new(39, "PCI-MSI", 2, "edge", "eth0-TxRx-1", [3933, 0]),
        ],
        Devices = [Device("lo", 1), Device("eth0", 2)],
        Sockets = [new() { Protocol = "udp", Inode = 7, Local = "10.0.0.1:53" }],
        TcpTasks = [new() { Name = "web", Threads = 4, Accepted = 20, AcceptedNothing = 3, Closed = 19, Failed = 1, Requests = 500, BytesSent = 32000, BytesReceived = 4000 }],
        Mib = Mib(),
        Drops = [new("backlog", SkbDropReason.CPU_BACKLOG, 34)],
    };

    public static MibSet Mib()
    {
        var mib = new MibSet();
        mib.Add(IpMib.InReceives, 5817);
        mib.Add(IpMib.OutTransmits, 4763);
        mib.Add(IcmpMib.InMsgs, 2);
        mib.Add(IcmpMib.OutRateLimitHost, 8);
        mib.IcmpIn(3);
        mib.IcmpIn(8);
        mib.IcmpOut(0);
        mib.Add(TcpMib.ActiveOpens, 41);
        mib.Add(UdpMib.InDatagrams, 81);
        mib.Add(UdpMib.MemErrors, 9);
        mib.Add(LinuxMib.ListenDrops, 5);
        mib.Add(IpExtMib.InOctets, 134413748);
        mib.Add(IpExtMib.InNoECTPkts, 5817);
        return mib;
    }

    public static SimulationSnapshot Simulation() => new()
    {
        Scenario = "two hosts",
        Seed = ulong.MaxValue,
        Clock = ClockKind.Virtual,
        Kernel = KernelVersion.V6,
        DurationNs = 1_000_000_000,
        Hosts = [Host()],
        Wires = [new() { Name = "client-server", Sent = 10, Duplicated = 1, Delivered = 8, Lost = 2, InFlight = 1 }],
        Traffic = [new() { Name = "flood", Load = LoadModel.Open, Sent = 10 }],
        Latency = [new() { Name = "nic_rx to recvmsg", Count = 1, MinNs = 1, MeanNs = 1, MaxNs = 1 }],
        Conservation = new(10, 1, 6, [new("wire", SkbDropReason.WIRE_LOSS, 2), new("udp", SkbDropReason.SOCKET_RCVBUFF, 2)], 1),
        WallClock = new(123_456_789, 10, 20, 30, 2),
    };

    /// <summary>What a view writes.</summary>
    public static string Text(Action<TextWriter> write)
    {
        using var writer = new StringWriter();
        write(writer);
        return writer.ToString();
    }
}
