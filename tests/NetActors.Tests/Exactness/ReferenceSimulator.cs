using NetActors.Buffers;

namespace NetActors.Tests.Exactness;

/// <summary>
/// The naive reference: one event per frame and per step of a CPU in one queue, nothing lazy, nothing ahead, no actors. It is written from
/// the specification and from what the design says of virtual time, and uses none of the emulator's machines. A step of a CPU is: a hard
/// interrupt; the begin of a softirq loop; the begin of a poll; one packet up to its hand-over; the hand-over with the wakeup it
/// causes; the end of a poll; a system call; the program's work after it. A switch belongs to the step that asked for it. What it does to things that others see happens when it begins.
/// </summary>
internal sealed class ReferenceSimulator
{
    /// <summary>Ethernet, IPv4 and UDP headers.</summary>
    public const int HeaderBytes = 14 + 20 + 8;

    /// <summary>What a packet in a card's buffer is charged for.</summary>
    public const int TrueSize = 2304; // of a frame in one 2 KiB buffer: the buffer and the 256 bytes of the sk_buff

    public ReferenceSimulator(SmallScenario scenario)
    {
        Scenario = scenario;
        Cpus = [.. Enumerable.Range(0, scenario.Cpus).Select(i => new ReferenceCpu(this, i))];
        Nics = [.. Enumerable.Range(0, scenario.Queues).Select(i => new ReferenceNic(this, i, Cpus[scenario.Affinity[i]]))];
        Sockets = [.. scenario.Sinks.Select((sink, i) => new ReferenceSocket(i + 1, sink.RcvBufPackets * TrueSize))];
    }

    public SmallScenario Scenario { get; }

    public ReferenceEvents Events { get; } = new();

    public ReferenceCpu[] Cpus { get; }

    public ReferenceNic[] Nics { get; }

    public ReferenceSocket[] Sockets { get; }

    public List<SimEvent> Log { get; } = [];

    public long BacklogDrops { get; set; }

    public void Run()
    {
        Events.TiesCountFrom = Scenario.Frames.Length > 0 ? Scenario.Frames[0].Arrival : 0;
        var pid = 1000;
        foreach (var (sink, i) in Scenario.Sinks.Select((sink, i) => (sink, i)))
        {
            foreach (var cpu in sink.Cpus)
            {
                var task = new ReferenceTask(pid++, Cpus[cpu]) { Thread = new ReferenceThread(Sockets[i], sink) };
                Cpus[cpu].Tasks.Activate(task);
            }
        }

        foreach (var cpu in Cpus) cpu.Reschedule();
        foreach (var frame in Scenario.Frames)
        {
            var nic = Nics[Scenario.Flows[frame.Flow].Queue];
            Events.At(frame.Arrival, EventKind.Arrival, () => nic.Arrive(frame));
        }

        Events.Run();
    }

    public SimCounters Counters()
    {
        var all = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var cpu in Cpus)
        {
            var row = $"cpu{cpu.Id}";
            all[$"{row} processed"] = cpu.Processed;
            all[$"{row} dropped"] = cpu.Dropped;
            all[$"{row} time_squeeze"] = cpu.TimeSqueeze;
            all[$"{row} received_rps"] = cpu.ReceivedRps;
            all[$"{row} NET_RX"] = cpu.SoftirqRuns;
            all[$"{row} ksoftirqd wakeups"] = cpu.KsoftirqdWakeups;
            for (var q = 0; q < Nics.Length; q++) all[$"{row} vector {q}"] = cpu.Interrupts[q];
        }

        foreach (var nic in Nics) all[$"queue {nic.Index} drops"] = nic.Drops;
        foreach (var socket in Sockets)
        {
            all[$"socket {socket.Id} delivered"] = socket.Delivered;
            all[$"socket {socket.Id} drops"] = socket.Drops;
        }

        all[$"drop {SkbDropReason.HW_NO_DESCRIPTOR}"] = Nics.Sum(n => n.Drops);
        all[$"drop {SkbDropReason.HW_FIFO_FULL}"] = Nics.Sum(n => n.FifoDrops);
        all[$"drop {SkbDropReason.CPU_BACKLOG}"] = BacklogDrops;
        all[$"drop {SkbDropReason.SOCKET_RCVBUFF}"] = Cpus.Sum(c => c.SocketDrops);
        return new SimCounters(all);
    }
}
