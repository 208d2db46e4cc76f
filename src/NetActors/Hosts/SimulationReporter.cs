using NetActors.Apps.Streams;
using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Headers;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Qdisc;
using NetActors.Time;
using NetActors.Udp;
using NetActors.Xdp;

namespace NetActors.Hosts;

/// <summary>Takes the figures of a simulation as immutable records.</summary>
internal static class SimulationReporter
{
    public static SimulationSnapshot Take(Simulation simulation)
    {
        var (plan, scenario) = (simulation.Plan, simulation.Scenario);
        foreach (var card in plan.Cards)
        {
            if (simulation.System.Layer.IsVirtual) card.Device.Receive.AdvanceTo(simulation.Now);
        }

        return new SimulationSnapshot
        {
            Scenario = scenario.Name,
            Seed = scenario.Seed,
            Clock = simulation.System.Layer.IsVirtual ? ClockKind.Virtual : ClockKind.Real,
            Kernel = scenario.Kernel,
            DurationNs = simulation.Now.Nanoseconds,
            WarmUpNs = simulation.WarmUp.Nanoseconds,
            Hosts = [.. plan.Hosts.Select(host => HostOf(host, simulation.Now))],
            Wires = [.. plan.Wires.SelectMany(WiresOf)],
            Traffic = [.. plan.Traffic.Select(TrafficOf)],
            Latency = [.. plan.Latency.Select(l => l.Snapshot())],
            Conservation = Ledger(plan),
        };
    }

    /// <summary>
    /// The ledger of packets: what cards took in and stacks made, against where each ended or waits. Made from counters of their own, not
    /// from the pools, so that it can fail.
    /// </summary>
    private static ConservationSnapshot Ledger(SimulationPlan plan)
    {
        var (sent, delivered, waiting) = (0L, 0L, 0L);
        foreach (var host in plan.Hosts)
        {
            foreach (var veth in host.Veths)
            {
                if (veth.Queue is { } queue) waiting += queue.Count + queue.Napi.Gro!.Held + queue.Napi.Gro.Up;
            }

            foreach (var cpu in host.IsNamespace ? [] : host.Cpus)
            {
                sent += cpu.Originated;
                delivered += cpu.Consumed;
                waiting += cpu.InHand + cpu.Softnet.InputLength + cpu.Softnet.ProcessLeft;
            }

            foreach (var nic in host.Nics)
            {
                var statistics = nic.Receive.Statistics;
                sent += statistics.Taken;
                waiting += nic.Receive.FramesInFlight + nic.Receive.FifoFrames;
                for (var q = 0; q < nic.Napis.Length; q++) waiting += nic.Receive.Queue(q).Count;
                foreach (var thread in nic.CpuMap) waiting += thread.Entry.Waiting + thread.Napi.Gro!.Held + thread.Napi.Gro.Up;
                foreach (var napi in nic.Napis) waiting += napi.Gro is { } gro ? gro.Held + gro.Up : 0;
                foreach (var counters in nic.Counters) delivered += counters.TxPackets;
                waiting += nic.Qdiscs.Length;
                foreach (var runner in nic.Runners) waiting += runner.Waiting;
            }

            foreach (var socket in host.DatagramSockets)
            {
                delivered += socket.Delivered;
                waiting += socket.Queued;
            }

            delivered += host.Stack.Fragments.Freed[DropTable.IndexOf(SkbDropReason.CONSUMED)];
            waiting += host.Stack.Fragments.Pieces + host.Stack.SharedWaiting + host.Stack.Tcp.Waiting;
            for (var n = host.Stack.Neighbours.First; n is not null; n = Neighbours.NeighbourTable.Next(n)) waiting += n.QueuedPackets;
        }

        return new ConservationSnapshot(sent, 0, delivered, [.. plan.Hosts.SelectMany(DropsOf)], waiting);
    }

    private static HostSnapshot HostOf(Host host, KernelTime now)
    {
        var mib = new MibSet();
        if (host.Stack.Mibs is { Length: > 0 } own) foreach (var one in own) mib.AddAll(one);
        else foreach (var cpu in host.Cpus) mib.AddAll(cpu.Mib);
        mib.AddAll(host.Stack.Tcp.Context.Mib);
        var tcp = TcpReporter.Sockets(host);
        return new HostSnapshot
        {
            Name = host.Name,
            IpForward = host.IpForward,
            Cpus = host.IsNamespace ? [] : [.. host.Cpus.Select(CpuOf)], // they are its machine's
            Interrupts = [.. host.Nics.SelectMany(n => n.Irqs.Select((irq, i) => new InterruptSnapshot(irq.Number, irq.Chip, i, "edge", irq.Action, [.. irq.Counts])))],
            Devices = [.. host.Stack.Devices.Select(d => DeviceOf(d, now))],
            Sockets = [.. host.DatagramSockets.Select(SocketOf)],
            TcpSockets = tcp,
            Sockstat = TcpReporter.Sockstat(host, tcp),
            TcpTasks = [.. host.Tasks.Where(t => t.Program is StreamProgram).GroupBy(t => t.Entity.Name).Select(TcpTaskOf)],
            XdpSockets = [.. BypassReporter.Sockets(host)],
            CpuMaps = [.. BypassReporter.CpuMaps(host)],
            BypassTasks = [.. BypassReporter.Tasks(host)],
            Mib = mib,
            Writes = [.. host.Knobs.Writes.Select(w => new KnobWriteSnapshot(w.At.Nanoseconds, w.Key, w.Value, w.Error ?? ""))],
            Drops = [.. DropsOf(host)],
        };
    }

    private static CpuSnapshot CpuOf(HostCpu cpu)
    {
        ref readonly var times = ref cpu.Cpu.Times;
        return new CpuSnapshot
        {
            Id = cpu.Cpu.LocalId,
            Node = cpu.Cpu.Node,
            HardirqNs = times.HardIrq,
            SoftirqNs = times.Softirq,
            SystemNs = times.System,
            UserNs = times.User,
            IdleNs = times.Idle + IdleSince(cpu.Cpu),
            Packets = cpu.Softnet.Processed,
            Hardirqs = cpu.HardIrqs,
            Softirqs = SoftirqCounts.From(cpu.SoftirqCounts),
            Softnet = new SoftnetSnapshot
            {
                Processed = cpu.Softnet.Processed,
                Dropped = cpu.Softnet.Dropped,
                TimeSqueeze = cpu.Softnet.TimeSqueeze,
                ReceivedRps = cpu.Softnet.ReceivedRps,
                FlowLimitCount = cpu.Softnet.FlowLimit?.Count ?? 0,
                InputQueueLength = (uint)cpu.Softnet.InputLength,
                ProcessQueueLength = (uint)cpu.Softnet.ProcessLeft,
            },
            IpisSent = cpu.IpisSent,
            IpisReceived = cpu.CallFunctionInterrupts,
            RescheduleIpis = cpu.RescheduleInterrupts,
            TimerInterrupts = cpu.LocalTimerInterrupts,
            ContextSwitches = cpu.Cpu.Scheduler.Switches,
            KsoftirqdWakeups = cpu.KsoftirqdWakeups,
        };
    }

    /// <summary>A CPU that sleeps has not been told how long.</summary>
    private static long IdleSince(EmulatedCpu cpu) =>
        Math.Max(0, cpu.Layer.GlobalNow - cpu.NowNanoseconds);

    private static DeviceSnapshot DeviceOf(NetDevice device, KernelTime now)
    {
        var sum = new DeviceCounters();
        foreach (var c in device.Counters)
        {
            sum.RxPackets += c.RxPackets;
            sum.RxBytes += c.RxBytes;
            sum.RxDropped += c.RxDropped;
            sum.RxOtherHostDropped += c.RxOtherHostDropped;
            sum.Multicast += c.Multicast;
            sum.TxPackets += c.TxPackets;
            sum.TxBytes += c.TxBytes;
            sum.TxDropped += c.TxDropped;
        }

        var nic = device as NicDevice;
        var statistics = nic?.Receive.Statistics;
        return new DeviceSnapshot
        {
            Name = device.Name,
            IfIndex = device.IfIndex,
            Stats = new RtnlLinkStats
            {
                RxPackets = sum.RxPackets,
                RxBytes = sum.RxBytes,
                RxDropped = sum.RxDropped + (statistics?.RxNoDmaResources ?? 0),
                RxMissedErrors = statistics?.RxMissedErrors ?? 0,
                RxCrcErrors = statistics?.RxCrcErrors ?? 0,
                RxLengthErrors = statistics?.RxLengthErrors ?? 0,
                RxErrors = (statistics?.RxCrcErrors ?? 0) + (statistics?.RxLengthErrors ?? 0),
                Multicast = sum.Multicast,
                RxOtherhostDropped = sum.RxOtherHostDropped,
                TxPackets = sum.TxPackets,
                TxBytes = sum.TxBytes,
                TxDropped = sum.TxDropped,
            },
            Ethtool = nic is null ? [] : [.. Ethtool(nic)],
            Queues = nic is null ? [] : [.. Queues(nic)],
            Qdiscs = nic is null ? [] : [.. DeviceQdiscs.All(nic.Qdiscs.Root).Where(q => TcShow.Shows(q)).Select(QdiscOf)],
            Tc = nic is null ? [] : TcShow.Lines(nic.Qdiscs, now),
        };
    }

    private static QdiscSnapshot QdiscOf(QdiscBase qdisc)
    {
        var stats = qdisc.Summary;
        return new QdiscSnapshot
        {
            Kind = qdisc.Kind,
            Handle = $"{qdisc.Handle >> 16:x}:",
            Parent = qdisc.Parent is null ? "root" : TcHandle.Format(qdisc.ParentId),
            Packets = stats.Packets,
            Bytes = stats.Bytes,
            Drops = stats.Drops,
            Overlimits = stats.Overlimits,
            Requeues = stats.Requeues,
            BacklogPackets = stats.Qlen,
            BacklogBytes = stats.Backlog,
        };
    }

    /// <summary>Under virtio_net's names; only where a program ran.</summary>
    private static IEnumerable<NamedCount> Xdp(int queue, XdpStats stats)
    {
        var seen = stats.Taken + stats[XdpAction.Pass];
        if (seen == 0) yield break;
        yield return new NamedCount($"rx_queue_{queue}_xdp_packets", seen);
        yield return new NamedCount($"rx_queue_{queue}_xdp_tx", stats[XdpAction.Tx]);
        yield return new NamedCount($"rx_queue_{queue}_xdp_redirects", stats[XdpAction.Redirect]);
        yield return new NamedCount($"rx_queue_{queue}_xdp_drops", stats[XdpAction.Drop] + stats[XdpAction.Aborted]);
        yield return new NamedCount($"rx_queue_{queue}_xdp_tx_errors", stats.Errors);
    }

    private static IEnumerable<NamedCount> Ethtool(NicDevice nic)
    {
        foreach (var (name, value) in nic.Receive.Statistics.Entries()) yield return new NamedCount(name, value);
        if ((nic.Receive.Features & NicFeatures.Ntuple) != 0)
        {
            yield return new NamedCount("rx_arfs_add", nic.Arfs.Added);
            yield return new NamedCount("rx_arfs_request_in", nic.Arfs.RequestsIn);
            yield return new NamedCount("rx_arfs_request_out", nic.Arfs.RequestsOut);
            yield return new NamedCount("rx_arfs_expired", nic.Arfs.Expired);
            yield return new NamedCount("rx_arfs_err", nic.Arfs.Errors);
        }

        for (var i = 0; i < nic.TxQueues.Length; i++)
        {
            yield return new NamedCount($"tx_queue_{i}_packets", nic.TxQueues[i].Packets);
            yield return new NamedCount($"tx_queue_{i}_bytes", nic.TxQueues[i].Bytes);
        }

        yield return new NamedCount("tx_timeout_count", nic.TxQueues.Sum(q => q.Timeouts));
        yield return new NamedCount("tx_purged", nic.TxQueues.Sum(q => q.Purged));

        for (var i = 0; i < nic.Napis.Length; i++)
        {
            yield return new NamedCount($"rx_queue_{i}_packets", nic.Receive.Queue(i).Packets);
            yield return new NamedCount($"rx_queue_{i}_bytes", nic.Receive.Queue(i).Bytes);
            foreach (var count in Xdp(i, nic.XdpStats[i])) yield return count;
            if (nic.Receive.Queue(i).Buffers is { } buffers)
            {
                foreach (var (name, value) in buffers.Pool.Entries()) yield return new NamedCount($"rx{i}_pp_{name}", value);
            }
        }
    }

    private static IEnumerable<QueueSnapshot> Queues(NicDevice nic)
    {
        for (var i = 0; i < nic.Napis.Length; i++)
        {
            var queue = nic.Receive.Queue(i);
            yield return new QueueSnapshot
            {
                Direction = QueueDirection.Rx,
                Index = i,
                Packets = queue.Packets,
                Bytes = queue.Bytes,
                Drops = queue.Drops,
                Interrupts = nic.Irqs[i].Counts.Sum(),
                Polls = nic.Napis[i].Polls,
                GroMerged = nic.Napis[i].Gro?.Merged ?? 0,
                RingSize = queue.Ring.Size,
            };
            yield return new QueueSnapshot
            {
                Direction = QueueDirection.Tx,
                Index = i,
                Packets = nic.TxQueues[i].Packets,
                Bytes = nic.TxQueues[i].Bytes,
                Stops = nic.TxQueues[i].Stops,
                LimitStops = nic.TxQueues[i].LimitStops,
                Limit = nic.TxQueues[i].Limits?.Limit ?? 0,
                InFlight = nic.TxQueues[i].Limits?.InFlight ?? 0,
            };
        }
    }

    private static TcpTaskSnapshot TcpTaskOf(IGrouping<string, HostTask> threads)
    {
        var counters = threads.Select(t => ((StreamProgram)t.Program).Counters).ToList();
        return new TcpTaskSnapshot
        {
            Name = threads.Key,
            Threads = counters.Count,
            Connected = counters.Sum(c => c.Connected),
            Accepted = counters.Sum(c => c.Accepted),
            AcceptedNothing = counters.Sum(c => c.AcceptedNothing),
            Closed = counters.Sum(c => c.Closed),
            Failed = counters.Sum(c => c.Failed),
            Requests = counters.Sum(c => c.Requests),
            BytesSent = counters.Sum(c => c.BytesSent),
            BytesReceived = counters.Sum(c => c.BytesReceived),
        };
    }

    private static SocketSnapshot SocketOf(DatagramSocket socket)
    {
        var (local, localPort, remote, remotePort) = socket switch
        {
            UdpSocket udp => udp.Name,
            PingSocket ping => (0u, ping.Ident, 0u, (ushort)0),
            RawSocket raw => (raw.LocalAddress, raw.IpProtocol, 0u, (ushort)0),
            _ => default, // packets of devices
        };
        return new SocketSnapshot
        {
            Protocol = socket switch { UdpSocket => "udp", PingSocket => "icmp", RawSocket => "raw", _ => "p_raw" },
            Inode = socket.Id,
            Local = $"{Ipv4Address.Format(local)}:{localPort}",
            Remote = remotePort != 0 ? $"{Ipv4Address.Format(remote)}:{remotePort}" : "0.0.0.0:*",
            State = socket.IsClosed ? "CLOSE" : remotePort != 0 ? "ESTAB" : "UNCONN",
            Task = socket.Task,
            RxPackets = socket.RxPackets,
            RxBytes = socket.RxBytes,
            Delivered = socket.Delivered,
            TxPackets = socket.TxPackets,
            TxBytes = socket.TxBytes,
            Drops = socket.Buffer.Drops,
            RmemAlloc = socket.Buffer.RmemAlloc,
            RcvBuf = socket.Buffer.RcvBuf,
            Wakeups = socket.Wakeups,
        };
    }

    private static IEnumerable<DropSnapshot> DropsOf(Host host)
    {
        foreach (var nic in host.Nics)
        {
            var s = nic.Receive.Statistics;
            var hardware = new (SkbDropReason Reason, long Count)[]
            {
                (SkbDropReason.HW_NO_DESCRIPTOR, s.RxNoDmaResources), (SkbDropReason.HW_FIFO_FULL, s.RxMissedErrors),
                (SkbDropReason.HW_CRC, s.RxCrcErrors), (SkbDropReason.HW_LENGTH, s.RxLengthErrors),
                (SkbDropReason.HW_MAC_FILTER, s.RxFiltered), (SkbDropReason.HW_FLOW_RULE, s.FdirDrop), (SkbDropReason.QUEUE_PURGE, s.RxPurged),
            };
            foreach (var (reason, count) in hardware)
            {
                if (count > 0) yield return new DropSnapshot(nic.Name, reason, count);
            }
        }

        for (var i = 0; i < DropTable.Size; i++)
        {
            var count = DropTable.ReasonAt(i) == SkbDropReason.CONSUMED ? 0 : host.Stack.Fragments.Freed[i];
            foreach (var cpu in host.IsNamespace ? [] : host.Cpus) count += cpu.Drops[i];
            if (count > 0) yield return new DropSnapshot("stack", DropTable.ReasonAt(i), count);
        }
    }

    private static IEnumerable<WireSnapshot> WiresOf(PlannedWire wire)
    {
        for (var i = 0; i < wire.Ends.Length; i++)
        {
            var c = wire.Ends[i].Outgoing.Counters;
            yield return new WireSnapshot
            {
                Name = wire.Directions[i],
                Sent = c.Sent,
                Delivered = c.Delivered,
                DeliveredBytes = c.DeliveredBytes,
                Lost = c.Lost,
                Duplicated = c.Duplicated,
                Reordered = c.Reordered,
                Corrupted = c.Corrupted,
                QueueDrops = c.Refused,
                InFlight = c.InFlight,
            };
        }
    }

    private static TrafficSnapshot TrafficOf(PlannedTraffic traffic) => new()
    {
        Name = traffic.Name,
        Load = LoadModel.Open,
        Flows = traffic.Flows,
        Sent = traffic.Source is ITrafficSource source ? source.Sent : traffic.To.Receive.Statistics.Taken,
        SentBytes = traffic.Source is ITrafficSource bytes ? bytes.SentBytes : 0,
    };
}
